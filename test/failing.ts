import { setCode } from "@nomicfoundation/hardhat-network-helpers";
import { ethers } from "hardhat";
import type { World } from "../scripts/sim/world";
import type { FailingReaderMock } from "../typechain-types";

/** What becomes of a read: it is answered, it reverts, it burns all gas it gets. */
export const FAULT = { None: 0n, Reverts: 1n, Burns: 2n } as const;

/** Makes the engine unreadable for single stakers from now on; everything else of the reader stays as it was. */
export async function failingReader({ c }: World): Promise<FailingReaderMock> {
  const factory = await ethers.getContractFactory("FailingReaderMock");
  const mock = await factory.deploy(c.delegation, c.allocation, c.basketBook);
  const reader = await c.accountant.STAKES();
  await setCode(reader, await ethers.provider.getCode(mock));
  return mock.attach(reader) as FailingReaderMock;
}
