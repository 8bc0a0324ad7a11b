/** Outlines on a 20 × 20 field, distinct in shape so that a utility is known without colour. */
const outlines: Readonly<Record<string, string>> = {
  water: 'M10 2.5c3.2 3.9 5.6 6.9 5.6 9.7a5.6 5.6 0 0 1-11.2 0C4.4 9.4 6.8 6.4 10 2.5Z',
  heating: 'M3.5 3.5h13v13h-13Z',
  gas: 'M10 2.6 17.6 16.4H2.4Z',
  gallery: 'M2 6.5h16v7H2Z',
  lighting: 'M10 1.8 18.2 10 10 18.2 1.8 10Z',
  drainage: 'M3 3.5h14v7a7 7 0 0 1-14 0Z',
  power: 'M11.6 1.8 4 11.4h5L8.2 18.2 16 8.4h-5.2Z',
  plc: 'M5 2.5h10v15H5Z',
};
const details: Readonly<Record<string, string>> = {
  water: 'M7.4 12.4a2.6 2.6 0 0 0 2.2 2.5',
  heating: 'M7 7v6M10 7v6M13 7v6',
  gas: 'M10 8v4.6',
  gallery: 'M7.3 6.5v7M12.7 6.5v7',
  lighting: 'M10 7v6M7 10h6',
  drainage: 'M6.2 9.6c1.3-1.3 2.5-1.3 3.8 0s2.5 1.3 3.8 0',
  plc: 'M8 6.2h4M8 9.2h4M8 14h1.4',
};
const fallback = 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14Z';

/** Outline of a utility's assets; a circle for a utility that this page does not know. */
export const outlineOf = (utility: string): string => outlines[utility] ?? fallback;
export const detailOf = (utility: string): string => details[utility] ?? '';

/** The sign of a utility, in the colour of the text around it. */
export function Glyph({ utility, size = 18 }: { utility: string; size?: number }) {
  return (
    <svg class="glyph" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={outlineOf(utility)} />
      <path d={detailOf(utility)} />
    </svg>
  );
}
