/** What a server may send: 16 MB in 64 chunks carries 100,000 values with room to spare. */
export const transportSettings = { maxChunkCount: 64, maxMessageSize: 16 * 1024 * 1024 };
