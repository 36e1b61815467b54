import { getAddress, parseUnits, ZeroAddress } from "ethers";
import { z } from "zod";

export const whole = z.int().nonnegative().transform(BigInt);
export const positive = z.int().positive().transform(BigInt);
export const bps = z.int().min(0).max(10_000).transform(BigInt);
export const label = z
  .string()
  .regex(/^[A-Za-z][\w-]*$/, "must start with a letter and have letters, digits, - and _ only");
export const address = z.string().transform((text, issues) => {
  try {
    if (getAddress(text) !== ZeroAddress) return getAddress(text);
    issues.addIssue({ code: "custom", message: "is the zero address" });
    return z.NEVER;
  } catch {
    issues.addIssue({
      code: "custom",
      message: `"${text}" is not an address (40 hex digits; mixed case must be a valid checksum)`,
    });
    return z.NEVER;
  }
});
/** An amount with its unit, "1000 ether" or "5 gwei"; wei when parsed. */
export const amount = z
  .string()
  .regex(/^\d+(\.\d+)? (ether|gwei|wei)$/, 'must be an amount with its unit, like "1000 ether"')
  .transform((text, issues) => {
    const [number, unit] = text.split(" ");
    try {
      return parseUnits(number, unit);
    } catch {
      issues.addIssue({ code: "custom", message: `${text} is less than a wei` });
      return z.NEVER;
    }
  });
