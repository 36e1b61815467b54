/** Bit by bit: what a pause stops, and that it stops nothing else. */
import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import type { BaseContract } from "ethers";
import { refusal } from "../../../integration/engine/refusal";

/** Bits that no contract uses: one in the middle, and the one that storage keeps inverted. */
const UNUSED = [100, 255];

interface Pausable extends BaseContract {
  pause(status: bigint): Promise<unknown>;
  pauseAll(): Promise<unknown>;
  unpause(status: bigint): Promise<unknown>;
}

/** A call that would go through, made without a transaction, and the bits that stop it. */
export interface Call {
  bits: number[];
  call: () => Promise<unknown>;
}

export interface Paused {
  contract: BaseContract;
  /** Function → a call of it. Every function that writes must be here. */
  calls: Record<string, Call>;
  /** Function → why no call of it can go through. */
  uncallable?: Record<string, string>;
}

/** Pausing stops all of these in every contract or none. */
const SWITCHES = ["pause(uint256)", "pauseAll()", "unpause(uint256)"];

/** Tests a contract made by `fixture`, of which the owner is pauser and unpauser. */
export function itIsPausedBitByBit(bits: number[], fixture: () => Promise<Paused>): void {
  const allBits = [...bits, ...UNUSED];

  it("has a call here of every function that writes", async () => {
    const { contract, calls, uncallable = {} } = await loadFixture(fixture);
    const writing: string[] = [];
    contract.interface.forEachFunction((f) => {
      if (f.stateMutability !== "view" && f.stateMutability !== "pure") writing.push(f.format());
    });
    expect([...Object.keys(calls), ...Object.keys(uncallable), ...SWITCHES].sort()).to.deep.equal(writing.sort());
    const used = new Set(Object.values(calls).flatMap((call) => call.bits));
    expect([...used].sort()).to.deep.equal([...bits].sort());
  });

  for (const bit of allBits) {
    it(`stops by bit ${bit} what it is for, and nothing else`, async () => {
      const { contract, calls } = await loadFixture(fixture);
      await (contract as Pausable).pause(1n << BigInt(bit));
      await expectStopped(calls, (call) => call.bits.includes(bit));
    });
  }

  it("stops by all other bits nothing that they are not for", async () => {
    const { contract, calls } = await loadFixture(fixture);
    const pausable = contract as Pausable;
    for (const bit of bits) {
      await pausable.pauseAll();
      await pausable.unpause((1n << 256n) - 1n - (1n << BigInt(bit)));
      await expectStopped(calls, (call) => call.bits.some((other) => other !== bit));
    }
  });

  it("lets everything go on when it is unpaused, which is never stopped itself", async () => {
    const { contract, calls } = await loadFixture(fixture);
    const pausable = contract as Pausable;
    await pausable.pauseAll();
    await pausable.pauseAll();
    await expectStopped(calls, (call) => call.bits.length > 0);
    await pausable.unpause(0n);
    await expectStopped(calls, () => false);
  });
}

async function expectStopped(calls: Record<string, Call>, isStopped: (call: Call) => boolean): Promise<void> {
  const found: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (const [name, call] of Object.entries(calls)) {
    found[name] = await refusal(call.call());
    expected[name] = isStopped(call) ? "CurrentlyPaused" : "not refused";
  }
  expect(found).to.deep.equal(expected);
}
