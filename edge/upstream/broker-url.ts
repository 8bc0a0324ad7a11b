/** Whether the text is the address of an MQTT broker, without a user or password in it. */
export function isBrokerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^mqtts?:$/.test(protocol) && hostname !== '' && username === '' && password === '';
}
