import { formatEther } from "ethers";

export const WAD = 10n ** 18n;
export const BPS = 10_000n;

/** Value of an amount at a rate, rounded down. */
export const valueDown = (amount: bigint, rateWad: bigint): bigint => (amount * rateWad) / WAD;

export const sum = (values: bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

export const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

/** `a · b / c`, rounded up. */
export const partUp = (a: bigint, b: bigint, c: bigint): bigint => (a * b + c - 1n) / c;

/** Ether with a fixed number of digits, cut off; for people. */
export function ether(wei: bigint, digits = 4): string {
  const sign = wei < 0n ? "-" : "";
  const [whole, fraction] = formatEther(wei < 0n ? -wei : wei).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, " ");
  return `${sign}${grouped}${digits === 0 ? "" : `.${fraction.padEnd(digits, "0").slice(0, digits)}`}`;
}

/** A number for a chart; never for money. */
export const chartNumber = (wei: bigint): number => Number(formatEther(wei));
