import { DAY, nextDay, now } from "../../scripts/sim/time";
import type { World } from "../../scripts/sim/world";

export const HOUR = 3600n;

/**
 * Goes to the next day and tells the time of ten o'clock: a walk that begins by the clock is the same for the same seed,
 * whatever ran on the chain before.
 */
export async function tomorrowAtTen({ ctx }: World): Promise<bigint> {
  await nextDay(ctx.provider, HOUR);
  return ((await now(ctx.provider)) / DAY) * DAY + 10n * HOUR;
}
