import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { ContractTransactionResponse, Signer } from "ethers";
import { ethers } from "hardhat";
import type { World } from "../../../scripts/sim/world";
import { ETHER, ether, etherTicketFilled, sharesOf, ticketFilled, ticketWaiting } from "../../exit-world";
import { staked } from "../../world";

const Mood = { Accepts: 0, Costly: 1, Rejects: 2, Reenters: 3 };

async function gasOf(transaction: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await transaction).wait())?.gasUsed ?? 0n;
}

/** A contract wallet with a ticket of 5 shares in the ether line, filled; Bob owns the shares it came from. */
async function walletTicketFilled() {
  const { world, bob } = await staked();
  const wallet = await ethers.deployContract("WalletMock");
  await world.c.trEth.connect(bob).transfer(wallet, ether("5"));
  const { queue, trEth } = world.c;
  await wallet.execute(
    trEth,
    0n,
    trEth.interface.encodeFunctionData("approve", [await queue.getAddress(), ether("5")]),
  );
  const request = queue.interface.encodeFunctionData("request", [ETHER, ether("5"), await wallet.getAddress()]);
  const id = BigInt((await wallet.execute.staticCall(queue, 0n, request)) as string);
  await wallet.execute(queue, 0n, request);
  const neighbour = await world.request(bob, ETHER, ether("3"));
  await world.days(4);
  return { world, bob, wallet, id, neighbour };
}

describe("WithdrawalQueue: claiming", () => {
  describe("claim", () => {
    it("pays units to the owner, whoever calls, and ends the ticket", async () => {
      const { world, bob, id } = await loadFixture(ticketFilled);
      const { queue, wstEth } = world.c;
      await expect(queue.connect(world.keeper).claim(id)).to.changeTokenBalances(
        wstEth,
        [bob, queue, world.keeper],
        [ether("10"), -ether("10"), 0n],
      );
      await expect(queue.ownerOf(id)).to.be.revertedWithCustomError(queue, "ERC721NonexistentToken");
      expect(await queue.balanceOf(bob)).to.equal(0n);
      await expect(queue.claim(id)).to.be.revertedWithCustomError(queue, "UnknownTicket").withArgs(id);
    });

    it("pays ether", async () => {
      const { world, bob, id } = await loadFixture(etherTicketFilled);
      const units = await world.c.queue.claimable(id);
      expect(units).to.equal(ether("10"));
      await expect(world.c.queue.connect(world.keeper).claim(id)).to.changeEtherBalances(
        [bob, world.c.queue],
        [units, -units],
      );
    });

    it("emits Claimed", async () => {
      const { world, bob, id } = await loadFixture(ticketFilled);
      await expect(world.c.queue.claim(id))
        .to.emit(world.c.queue, "Claimed")
        .withArgs(id, bob, world.asset, ether("10"));
    });

    it("reverts when nothing of the ticket is filled, and changes nothing", async () => {
      const { world, id } = await loadFixture(ticketWaiting);
      const { queue } = world.c;
      const before = [...(await queue.withdrawalStatus(id))];
      for (const call of [() => queue.claim(id), () => queue.claimBatch([id])]) {
        await expect(call()).to.be.revertedWithCustomError(queue, "TicketNotFilled").withArgs(id);
      }
      expect([...(await queue.withdrawalStatus(id))]).to.deep.equal(before);
      expect(await queue.waitingShares(world.asset)).to.equal(ether("10"));
    });

    it("does not change with what happens after the fill: neither gain nor loss nor a later fill", async () => {
      const { world, alice, id } = await loadFixture(ticketFilled);
      const { queue } = world.c;
      await world.request(alice, world.asset, ether("20"));
      await world.lidoEarns(100n);
      await world.days(3);
      await world.lidoLoses(300n);
      expect(await queue.claimable(id)).to.equal(ether("10"));
    });
  });

  describe("claimBatch", () => {
    it("pays several owners in several assets", async () => {
      const { world, alice, bob } = await loadFixture(staked);
      const { queue, wstEth } = world.c;
      const ids = [
        await world.request(alice, world.asset, ether("1")),
        await world.request(bob, world.asset, ether("2")),
        await world.request(bob, ETHER, ether("3")),
      ];
      await world.days(4);
      const call = () => queue.connect(world.keeper).claimBatch(ids);
      const [ofAlice, ofBob] = await Promise.all([alice, bob].map(async (who) => wstEth.balanceOf(who)));
      await expect(call).to.changeEtherBalances([alice, bob], [0n, ether("3")]);
      expect(await wstEth.balanceOf(alice)).to.equal(ofAlice + ether("1"));
      expect(await wstEth.balanceOf(bob)).to.equal(ofBob + ether("2"));
    });

    it("reverts as a whole when a ticket comes twice", async () => {
      const { world, id } = await loadFixture(ticketFilled);
      const { queue } = world.c;
      await expect(queue.claimBatch([id, id]))
        .to.be.revertedWithCustomError(queue, "UnknownTicket")
        .withArgs(id);
      expect(await queue.claimable(id)).to.equal(ether("10"));
    });
  });

  describe("claimTo", () => {
    it("pays whom the owner names, for the owner, an approved account and an operator of his", async () => {
      const { world, alice, bob } = await loadFixture(staked);
      const { queue, wstEth } = world.c;
      const ids: bigint[] = [];
      for (let i = 0; i < 3; ++i) ids.push(await world.request(bob, world.asset, ether("1")));
      await world.days(3);
      const carol = await world.person(5);
      await queue.connect(bob).approve(alice, ids[1]);
      const calls: [Signer, bigint][] = [
        [bob, ids[0]],
        [alice, ids[1]],
      ];
      for (const [by, id] of calls) {
        await expect(queue.connect(by).claimTo(id, await carol.getAddress())).to.changeTokenBalance(
          wstEth,
          carol,
          ether("1"),
        );
      }
      await queue.connect(bob).setApprovalForAll(world.keeper, true);
      await expect(queue.connect(world.keeper).claimTo(ids[2], await carol.getAddress())).to.changeTokenBalance(
        wstEth,
        carol,
        ether("1"),
      );
    });

    it("refuses everybody else and the zero address", async () => {
      const { world, alice, bob, id } = await loadFixture(ticketFilled);
      const { queue } = world.c;
      const stranger = queue.connect(alice);
      for (const call of [() => stranger.claimTo(id, alice), () => stranger.claimUnwrapped(id, alice)]) {
        await expect(call()).to.be.revertedWithCustomError(queue, "NotTicketOwner").withArgs(id, alice, bob);
      }
      await expect(queue.connect(bob).claimTo(id, ethers.ZeroAddress)).to.be.revertedWithCustomError(
        queue,
        "ZeroAddress",
      );
    });
  });

  describe("claimUnwrapped", () => {
    it("pays the units as stETH shares, at most one less", async () => {
      const { world, alice, bob, id } = await loadFixture(ticketFilled);
      await world.lidoEarns(37n);
      const { queue, stEth } = world.c;
      const before = await stEth.sharesOf(alice);
      await queue.connect(bob).claimUnwrapped(id, alice);
      const got = (await stEth.sharesOf(alice)) - before;
      expect([ether("10"), ether("10") - 1n]).to.include(got);
    });

    it("is refused for a line that has no other form", async () => {
      const { world, bob, id } = await loadFixture(etherTicketFilled);
      await expect(world.c.queue.connect(bob).claimUnwrapped(id, bob))
        .to.be.revertedWithCustomError(world.c.queue, "NoOtherForm")
        .withArgs(ETHER);
    });
  });

  describe("a contract that holds a ticket", () => {
    it("a contract with a costly receive can claim", async () => {
      const { world, wallet, id } = await loadFixture(walletTicketFilled);
      await wallet.setMood(Mood.Costly, ethers.ZeroAddress, "0x");
      await expect(world.c.queue.claim(id)).to.changeEtherBalance(wallet, ether("5"));
    });

    it("harms only itself when it takes no ether, and can send the money elsewhere", async () => {
      const { world, bob, wallet, id, neighbour } = await loadFixture(walletTicketFilled);
      const { queue } = world.c;
      await wallet.setMood(Mood.Rejects, ethers.ZeroAddress, "0x");
      await expect(queue.claim(id)).to.be.reverted;
      expect(await queue.claimable(id)).to.equal(ether("5"));
      await expect(queue.claim(neighbour)).to.changeEtherBalance(bob, ether("3"));
      const elsewhere = queue.interface.encodeFunctionData("claimTo", [id, await bob.getAddress()]);
      await expect(wallet.execute(queue, 0n, elsewhere)).to.changeEtherBalance(bob, ether("5"));
    });

    it("is not paid twice when it claims again while it is paid", async () => {
      const { world, wallet, id } = await loadFixture(walletTicketFilled);
      const { queue } = world.c;
      for (const [name, args] of [
        ["claim", [id]],
        ["claimBatch", [[id]]],
        ["fill", [ETHER, 1n]],
      ] as const) {
        await wallet.setMood(Mood.Reenters, queue, queue.interface.encodeFunctionData(name as "claim", args as never));
        const snapshot = (await world.ctx.provider.send("evm_snapshot", [])) as string;
        await expect(queue.claim(id)).to.changeEtherBalance(wallet, ether("5"));
        expect(await wallet.reentered()).to.equal(false);
        await world.ctx.provider.send("evm_revert", [snapshot]);
      }
    });
  });

  describe("the cost", () => {
    /** Gas of fill and of one claim with `count` tickets in the batch. */
    async function costs(world: World, bob: Signer, count: number): Promise<{ fill: bigint; claim: bigint }> {
      const { queue, trEth, desk } = world.c;
      await trEth.connect(bob).approve(queue, ethers.MaxUint256);
      const to = await bob.getAddress();
      const each = ether("20") / BigInt(count);
      for (let i = 0; i < count; ++i) await (await queue.connect(bob).request(world.asset, each, to)).wait();
      const [last] = (await queue.queryFilter(queue.filters.Requested())).slice(-1);
      await world.days(1);
      await world.pass(86_400n);
      for (let i = 0; i < 5; ++i) await (await desk.connect(world.keeper).complete(i, 9n)).wait();
      await (await world.c.accountant.report()).wait();
      const fill = await gasOf(queue.connect(world.keeper).fill(world.asset, 1n));
      return { fill, claim: await gasOf(queue.connect(world.keeper).claim(last.args.id)) };
    }

    it("is the same for a batch of one ticket and one of a hundred", async () => {
      const { world, bob } = await loadFixture(staked);
      // An older ticket stays unclaimed, so that no count and no balance falls to zero (a refund of gas).
      await world.request(bob, world.asset, ether("1"));
      await world.days(3);
      const snapshot = (await world.ctx.provider.send("evm_snapshot", [])) as string;
      const one = await costs(world, bob, 1);
      await world.ctx.provider.send("evm_revert", [snapshot]);
      const hundred = await costs(world, bob, 100);
      for (const what of ["fill", "claim"] as const) {
        const [a, b] = [one[what], hundred[what]];
        expect(a > b ? a - b : b - a, `${what}: ${a} and ${b}`).to.be.lessThanOrEqual(50n);
      }
      expect(await sharesOf(world, bob)).to.equal(ether("19"));
    });
  });
});
