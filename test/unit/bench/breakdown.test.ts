import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers, network } from "hardhat";
import type { ContractTransactionResponse } from "ethers";
import { breakdown, CLASSES, fixedGas, type Breakdown, type Opcode } from "../../../scripts/bench/breakdown";
import type { IPausable, PauserRegistry } from "../../../typechain-types";
import { engine } from "../restaking/strategies";

const COLD_ACCOUNT = 2_600;
const COLD_SLOT = 2_100;
const NEW_SLOT = 22_100;
const CHANGED_SLOT = 5_000;

async function parts() {
  const { addresses, token, staker, stranger } = await engine();
  const registry = (await ethers.getContractAt(
    "PauserRegistry",
    addresses.pauserRegistry,
  )) as unknown as PauserRegistry;
  const manager = (await ethers.getContractAt("IPausable", addresses.delegationManager)) as unknown as IPausable;
  return { addresses, registry, manager, token, staker, stranger };
}

async function broken(
  sent: Promise<ContractTransactionResponse>,
  isOurs: (address: string) => boolean = () => true,
): Promise<Breakdown & { all: number; used: number }> {
  const { hash, to, data, wait } = await sent.then((tx) => ({
    hash: tx.hash,
    to: tx.to ?? "",
    data: tx.data,
    wait: () => tx.wait(),
  }));
  const used = Number((await wait())?.gasUsed);
  const { structLogs } = (await network.provider.send("debug_traceTransaction", [hash])) as { structLogs: Opcode[] };
  const gas = breakdown({ to, data, gasUsed: used, opcodes: structLogs }, isOurs);
  return { ...gas, all: CLASSES.reduce((sum, name) => sum + gas[name], 0), used };
}

describe("breakdown of gas", () => {
  it("knows a new slot, a read one and an event", async () => {
    const { registry, stranger } = await loadFixture(parts);
    const gas = await broken(registry.setIsPauser(stranger, true));
    expect(gas).to.deep.include({ newSlots: NEW_SLOT, changedSlots: 0, coldSlots: COLD_SLOT, refunds: 0 });
    expect(gas.events).to.equal(375 + 375 + 8 * 64); // one topic, two words
    expect(gas.all).to.equal(gas.used);
  });

  it("knows a changed slot and another contract's account and slot", async () => {
    const { manager } = await loadFixture(parts);
    const gas = await broken(manager.pause(1n));
    expect(gas).to.deep.include({ changedSlots: CHANGED_SLOT, coldAccounts: COLD_ACCOUNT, coldSlots: COLD_SLOT });
    expect(gas.newSlots).to.equal(0);
    expect(gas.all).to.equal(gas.used);
  });

  it("knows the refund of a cleared slot", async () => {
    const { registry, stranger } = await loadFixture(parts);
    await registry.setIsPauser(stranger, true);
    const gas = await broken(registry.setIsPauser(stranger, false));
    expect(gas).to.deep.include({ changedSlots: CHANGED_SLOT, refunds: -4_800 });
    expect(fixedGas(gas)).to.equal(gas.base + CHANGED_SLOT + gas.events - 4_800);
  });

  it("puts all that happens inside the contracts of others in one class", async () => {
    const { token, staker, stranger } = await loadFixture(parts);
    const gas = await broken(token.connect(staker).transfer(stranger, 1n), () => false);
    expect(gas).to.deep.include({ newSlots: 0, changedSlots: 0, coldSlots: 0, events: 0, rest: 0 });
    expect(gas.base + gas.others).to.equal(gas.used);
  });
});
