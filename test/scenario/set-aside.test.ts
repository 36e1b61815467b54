// WQ-14
import { loadFixture, setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { implementationOf } from "../../deploy/lib/code";
import type { JsonRpcApiProvider } from "ethers";
import type { World } from "../../scripts/sim/world";
import { as } from "../checks";
import { abiOf, commands } from "../deployment/surface";
import { ETHER, ether } from "../exit-world";
import { staked } from "../world";

/** An opcode that fails whatever is called. */
const GONE = "0xfe";
/** What the line pays with, and the line itself. */
const STAYS = ["WithdrawalQueue", "stETH", "wstETH"];

/** A ticket of each line, filled and not collected. */
async function filled() {
  const { world, bob } = await staked();
  const tickets = [await world.request(bob, ETHER, ether("4")), await world.request(bob, world.asset, ether("6"))];
  await world.days(4);
  return { world, bob, tickets };
}

/** Addresses of everything that the deployment noted, but for what the line pays with. */
function others({ ctx }: World): string[] {
  return ctx.book
    .list()
    .filter(([name]) => !STAYS.includes(name))
    .map(([, { address }]) => address);
}

describe("Scenario: what is set aside", () => {
  it("is paid to its owner while every other contract of the protocol is gone", async () => {
    const { world, bob, tickets } = await loadFixture(filled);
    const { queue, wstEth } = world.c;
    const [units, tokens] = [await queue.claimable(tickets[0]), await queue.claimable(tickets[1])];
    expect(units).to.be.greaterThan(ether("3.9"));
    expect(tokens).to.be.greaterThan(ether("5"));
    for (const address of others(world)) await setCode(address, GONE);
    await expect(world.c.pool.rate()).to.be.reverted;
    await expect(queue.connect(bob).claim(tickets[0])).to.changeEtherBalance(bob, units, { includeFee: false });
    await expect(queue.connect(bob).claim(tickets[1])).to.changeTokenBalance(wstEth, bob, tokens);
  });

  it("stays where it is, whatever the contracts that the line knows say to it", async () => {
    const { world, bob, tickets } = await loadFixture(filled);
    const { queue } = world.c;
    const owed = await Promise.all(tickets.map((id) => queue.claimable(id)));
    const open = ["claim", "claimBatch"]; // to all, and paid to the owner
    const said = (await commands("WithdrawalQueue")).filter(({ name }) => !open.includes(name));
    const abi = await abiOf("WithdrawalQueue");
    let heard = 0;
    // An upgrade could make each of them say anything, so each says everything, of a ticket and its line.
    for (const address of others(world)) {
      const signer = await as(address);
      for (const fn of said) {
        const values: Record<string, unknown> = { uint256: tickets[0], address, bool: true, bytes: "0x" };
        const data = abi.encodeFunctionData(
          fn,
          fn.inputs.map(({ type }) => values[type]),
        );
        const sent = signer.sendTransaction({ to: queue, data, gasLimit: 1_000_000n });
        heard += await sent.then(() => 1).catch(() => 0);
      }
    }
    expect(heard).to.be.greaterThan(others(world).length); // approvals of their own, and the registry's new line
    expect(await Promise.all(tickets.map((id) => queue.claimable(id)))).to.deep.equal(owed);
    for (const id of tickets) expect(await queue.ownerOf(id)).to.equal(bob);
    await expect(queue.connect(bob).claim(tickets[0])).to.changeEtherBalance(bob, owed[0], { includeFee: false });
  });

  it("has no proxy in front of it, no authority and no function for a role", async () => {
    const { world } = await loadFixture(filled);
    const provider = ethers.provider as unknown as JsonRpcApiProvider;
    expect(BigInt(await implementationOf(provider, world.ctx.address("WithdrawalQueue")))).to.equal(0n);
    expect(BigInt(await implementationOf(provider, world.ctx.address("DepositPool")))).not.to.equal(0n);
    const names = (await commands("WithdrawalQueue")).map(({ name }) => name);
    for (const name of ["upgradeToAndCall", "initialize", "setAuthority"]) expect(names).not.to.include(name);
  });
});
