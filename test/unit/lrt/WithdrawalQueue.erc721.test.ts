import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ether, ticketFilled, ticketWaiting } from "../../exit-world";

describe("WithdrawalQueue: tickets as ERC-721", () => {
  it("has a name, a symbol and the interface's id", async () => {
    const { world } = await loadFixture(ticketWaiting);
    const { queue } = world.c;
    expect([await queue.name(), await queue.symbol()]).to.deep.equal(["Trellis Withdrawal Ticket", "trTICKET"]);
    expect(await queue.supportsInterface("0x80ac58cd")).to.equal(true);
    expect(await queue.supportsInterface("0xffffffff")).to.equal(false);
  });

  it("counts the tickets of an owner through request, transfer and claim", async () => {
    const { world, alice, bob, id } = await loadFixture(ticketWaiting);
    const { queue } = world.c;
    const counts = async () => [await queue.balanceOf(alice), await queue.balanceOf(bob)];
    const second = await world.request(bob, world.asset, ether("1"));
    expect(await counts()).to.deep.equal([0n, 2n]);
    await queue.connect(bob).transferFrom(bob, alice, id);
    expect(await counts()).to.deep.equal([1n, 1n]);
    await world.days(3);
    await world.claim(id);
    expect(await counts()).to.deep.equal([0n, 1n]);
    await world.claim(second);
    expect(await counts()).to.deep.equal([0n, 0n]);
    await expect(queue.balanceOf(ZeroAddress)).to.be.revertedWithCustomError(queue, "ERC721InvalidOwner");
  });

  it("moves the shares and what is filled with the ticket", async () => {
    const { world, alice, bob, id } = await loadFixture(ticketFilled);
    const { queue, wstEth } = world.c;
    await queue.connect(bob).transferFrom(bob, alice, id);
    expect(await queue.sharesOf(id)).to.equal(ether("10"));
    await expect(queue.claim(id)).to.changeTokenBalances(wstEth, [alice, bob], [ether("10"), 0n]);
  });

  it("lets only the owner, the approved and the owner's operators transfer", async () => {
    const { world, alice, bob, id } = await loadFixture(ticketWaiting);
    const { queue } = world.c;
    await expect(queue.connect(alice).transferFrom(bob, alice, id))
      .to.be.revertedWithCustomError(queue, "ERC721InsufficientApproval")
      .withArgs(alice, id);
    await expect(queue.connect(alice).approve(alice, id)).to.be.revertedWithCustomError(queue, "ERC721InvalidApprover");
    await queue.connect(bob).approve(alice, id);
    expect(await queue.getApproved(id)).to.equal(await alice.getAddress());
    await queue.connect(alice).transferFrom(bob, alice, id);
    // The approval ends with the transfer.
    expect(await queue.getApproved(id)).to.equal(ZeroAddress);
    await queue.connect(alice).setApprovalForAll(world.keeper, true);
    await queue.connect(world.keeper).transferFrom(alice, bob, id);
    expect(await queue.ownerOf(id)).to.equal(await bob.getAddress());
  });

  it("does not let a former owner claim, redirect or move", async () => {
    const { world, alice, bob, id } = await loadFixture(ticketFilled);
    const { queue } = world.c;
    await queue.connect(bob).approve(world.keeper, id);
    await queue.connect(bob).transferFrom(bob, alice, id);
    for (const by of [bob, world.keeper]) {
      const former = queue.connect(by);
      for (const call of [() => former.claimTo(id, by), () => former.moveTicket(id, world.asset)]) {
        await expect(call()).to.be.revertedWithCustomError(queue, "NotTicketOwner").withArgs(id, by, alice);
      }
    }
  });

  it("ends a ticket also for whom it was approved", async () => {
    const { world, bob, id } = await loadFixture(ticketFilled);
    const { queue } = world.c;
    const keeper = queue.connect(world.keeper);
    await queue.connect(bob).approve(world.keeper, id);
    await expect(queue.claim(id)).to.emit(queue, "Transfer").withArgs(bob, ZeroAddress, id);
    await expect(queue.getApproved(id)).to.be.revertedWithCustomError(queue, "ERC721NonexistentToken").withArgs(id);
    for (const from of [await bob.getAddress(), ZeroAddress]) {
      await expect(keeper.transferFrom(from, world.keeper, id))
        .to.be.revertedWithCustomError(queue, "ERC721NonexistentToken")
        .withArgs(id);
    }
    await expect(keeper.claimTo(id, world.keeper)).to.be.revertedWithCustomError(queue, "UnknownTicket").withArgs(id);
    expect([await queue.balanceOf(bob), await queue.sharesOf(id)]).to.deep.equal([0n, 0n]);
  });

  it("refuses a safe transfer to a contract that does not know tickets", async () => {
    const { world, bob, id } = await loadFixture(ticketWaiting);
    const { queue } = world.c;
    const pool = await world.c.pool.getAddress();
    const send = queue.connect(bob).getFunction("safeTransferFrom(address,address,uint256)");
    await expect(send(bob, pool, id)).to.be.reverted;
    expect(await queue.ownerOf(id)).to.equal(await bob.getAddress());
  });

  it("refuses ether that is not from the pool", async () => {
    const { world, bob } = await loadFixture(ticketWaiting);
    const { queue } = world.c;
    await expect(bob.sendTransaction({ to: queue, value: 1n }))
      .to.be.revertedWithCustomError(queue, "UnexpectedEther")
      .withArgs(bob);
  });
});
