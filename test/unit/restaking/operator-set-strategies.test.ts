import { loadFixture, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { getAddress, zeroPadValue, toBeHex } from "ethers";
import { ethers } from "hardhat";
import type { IAllocationManager } from "../../../typechain-types";
import { engine } from "./strategies";

const ID = 7n;
const CHOICE = 6;

/** A strategy need not exist to be in a set; the zero address is as good as any. */
const strategy = (index: number): string => getAddress(zeroPadValue(toBeHex(index), 20));

async function operatorSet() {
  const { addresses, owner } = await engine();
  const manager = (await ethers.getContractAt(
    "IAllocationManager",
    addresses.allocationManager,
  )) as unknown as IAllocationManager;
  await manager.updateAVSMetadataURI(owner, "");
  await manager["createOperatorSets(address,(uint32,address[])[])"](owner, [{ operatorSetId: ID, strategies: [] }]);
  const strategies = async () => [...(await manager.getStrategiesInOperatorSet({ avs: owner, id: ID }))];
  const add = (...list: string[]) => manager.addStrategiesToOperatorSet(owner, ID, list);
  const remove = (...list: string[]) => manager.removeStrategiesFromOperatorSet(owner, ID, list);
  return { manager, strategies, add, remove };
}

describe("the strategies of an operator set", () => {
  it("are listed in the order in which they came", async () => {
    const { strategies, add } = await loadFixture(operatorSet);
    await add(strategy(3), strategy(0), strategy(2));
    expect(await strategies()).to.deep.equal([strategy(3), strategy(0), strategy(2)]);
  });

  it("are in it once at most", async () => {
    const { manager, add, remove } = await loadFixture(operatorSet);
    await add(strategy(1), strategy(2));
    await expect(add(strategy(1))).to.be.revertedWithCustomError(manager, "StrategyAlreadyInOperatorSet");
    await remove(strategy(1));
    await expect(remove(strategy(1))).to.be.revertedWithCustomError(manager, "StrategyNotInOperatorSet");
  });

  it("close a gap with the last one, whatever was added and removed before", async () => {
    const { strategies, add, remove } = await loadFixture(operatorSet);
    const start = await takeSnapshot();
    const commands = fc.array(fc.nat(CHOICE - 1), { minLength: 8, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(commands, async (indexes) => {
        await start.restore();
        const expected: string[] = [];
        for (const item of indexes.map(strategy)) {
          const at = expected.indexOf(item);
          if (at < 0) {
            expected.push(item);
            await add(item);
          } else {
            const last = expected.pop() ?? item;
            if (at < expected.length) expected[at] = last;
            await remove(item);
          }
          expect(await strategies()).to.deep.equal(expected);
        }
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});
