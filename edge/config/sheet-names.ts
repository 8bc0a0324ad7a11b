/** Characters of a sheet's name that Excel takes. */
const longest = 31;

/**
 * Names of sheets for devices: their ids. Excel takes 31 characters and sees no difference between upper and lower case; an id
 * that does not fit is cut and numbered (`~` is in no id).
 */
export function sheetNames(ids: readonly string[]): string[] {
  const taken = new Set<string>();
  return ids.map((id, index) => {
    const fits = id.length <= longest && !taken.has(id.toLowerCase());
    const number = `~${index + 1}`;
    const name = fits ? id : id.slice(0, longest - number.length).replace(/[\uD800-\uDBFF]$/, '') + number;
    taken.add(name.toLowerCase());
    return name;
  });
}
