/** A time of day here, in front of it the date where that is another day. */
export function clock(at: number, now: number): string {
  const [then, today] = [new Date(at), new Date(now)];
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [then.getHours(), then.getMinutes(), then.getSeconds()].map(two).join(":");
  if (then.toDateString() === today.toDateString()) return time;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
}
