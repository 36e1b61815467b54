import type { Contract } from "ethers";
import { acceptPlain, PLAIN_RATE } from "../scripts/sim/assets";
import type { World } from "../scripts/sim/world";
import type { ERC20Mock } from "../typechain-types";
import { ether } from "./checks";

/** Ether value of 1e18 units of a plain token. */
export const RATE = PLAIN_RATE;

/** Accepts a plain token, worth 1.25 ether, whose strategy holds the token itself. */
export async function accept(world: World, token: Pick<ERC20Mock, "getAddress"> | Contract): Promise<string> {
  const address = await token.getAddress();
  await acceptPlain(world, [address], ether("1000"), ether("1000"));
  return address;
}
