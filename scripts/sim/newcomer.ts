import { encodeBytes32String, parseEther } from "ethers";
import { ethers } from "hardhat";
import type { AnnouncerMock } from "../../typechain-types";
import { IAllocationManager__factory } from "../../typechain-types";
import type { World } from "./world";

/** An AVS of strangers: one set for wstETH, and a slasher that needs no evidence. */
export interface Newcomer {
  name: string;
  address: string;
  contract: AnnouncerMock;
}

const SET = 0n;

/** Somebody deploys an AVS. */
export async function newcomer(world: World, name: string): Promise<Newcomer> {
  const contract = (await ethers.deployContract("AnnouncerMock", [world.c.allocation])) as unknown as AnnouncerMock;
  await (await contract.createSet(SET, [world.c.strategy])).wait();
  return { name, address: await contract.getAddress(), contract };
}

/** Under which terms governance would admit its set. */
export function termsOf({ name, contract }: Newcomer, capBps: bigint) {
  return {
    faultClass: 0n,
    capBps,
    slashWindow: 0n,
    judge: contract,
    group: encodeBytes32String(name),
    name: `${name} ${SET}`,
    metadataURI: `https://example.org/avs/${name}.json`,
  };
}

/** It takes a part of all that an operator has allocated to it. */
export async function seizes(world: World, avs: Newcomer, operatorId: number, bps: bigint): Promise<void> {
  const { account } = await world.c.operators.operator(operatorId);
  const wad = (parseEther("1") * bps) / 10_000n;
  const strategies = [await world.c.strategy.getAddress()];
  const slash = {
    operator: account,
    operatorSetId: SET,
    strategies,
    wadsToSlash: [wad],
    description: "because we can",
  };
  await (await avs.contract.slash([slash])).wait();
}

/** How an AVS can become another one than was admitted. */
export type Change = "slasher" | "strategy" | "registrar";

/** It changes what was read of it. */
export async function changes(world: World, { contract, address }: Newcomer, change: Change): Promise<void> {
  const abi = IAllocationManager__factory.createInterface();
  const set = { avs: address, id: SET };
  const calls = {
    slasher: async () => abi.encodeFunctionData("updateSlasher", [set, await world.keeper.getAddress()]),
    strategy: async () => {
      const others = [...(await world.c.registry.strategies())].slice(2);
      return abi.encodeFunctionData("addStrategiesToOperatorSet", [address, SET, others.slice(0, 1)]);
    },
    registrar: async () => {
      const registrar = await (await ethers.deployContract("AVSRegistrarMock")).getAddress();
      return abi.encodeFunctionData("setAVSRegistrar", [address, registrar]);
    },
  };
  await (await contract.act(await calls[change]())).wait();
}
