import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER } from "../../../../scripts/sim/world";
import type {
  BlocklistTokenMock,
  FeeOnTransferMock,
  ReentrantTokenMock,
  WalletMock,
} from "../../../../typechain-types";
import { books, ether, FOREVER, NO_REFERRAL, WAD } from "../../../checks";
import { FLOOR, HOUR, post, selling } from "../../../rewards-world";

/** Four tokens are sold; the first is honest. Three of them are not there to be liked. */
const zoo = () => selling("ERC20Mock", "FeeOnTransferMock", "ReentrantTokenMock", "BlocklistTokenMock");

async function hostile() {
  const scene = await loadFixture(zoo);
  const [honest, fee, reentrant, blocking] = scene.tokens;
  const { router } = scene.world.c;
  for (const token of scene.tokens) await token.mint(router, ether("1000"));
  const bid = (token: string, units = ether("1000")) =>
    router.connect(scene.bob).bid(token, units, ETHER, ether("100"), scene.bob, FOREVER, { value: ether("100") });
  /** The honest token is sold as if the others were not there. */
  const unharmed = async () => {
    const before = await books(scene.world);
    await router.startLot(scene.addresses[0]);
    await bid(scene.addresses[0]);
    const after = await books(scene.world);
    expect(after.rateWad).to.equal(before.rateWad);
    expect(after.netAssetValue - before.netAssetValue).to.be.within(ether("9.9"), ether("10"));
    expect(await honest.balanceOf(scene.bob)).to.equal(ether("1000"));
  };
  return {
    ...scene,
    router,
    bid,
    unharmed,
    fee: fee as unknown as FeeOnTransferMock,
    reentrant: reentrant as unknown as ReentrantTokenMock,
    blocking: blocking as unknown as BlocklistTokenMock,
  };
}

describe("RewardsRouter: hostile tokens and bidders", () => {
  it("a token that keeps a part of transfers costs who buys it, and nobody else", async () => {
    const { router, bid, fee, bob, addresses, unharmed, world } = await hostile();
    await router.startLot(addresses[1]);
    await fee.setFee(5_000n);
    const before = await books(world);
    await bid(addresses[1]);
    expect(await fee.balanceOf(bob)).to.equal(ether("500"));
    expect((await books(world)).netAssetValue).to.be.above(before.netAssetValue + ether("9.9"));
    await unharmed();
  });

  it("a token that is blocked, or moves no more, holds up its own lot alone", async () => {
    const { router, bid, blocking, addresses, unharmed } = await hostile();
    await router.startLot(addresses[3]);
    await blocking.setBlocked(router, true);
    await expect(bid(addresses[3])).to.be.revertedWithCustomError(blocking, "Blocked").withArgs(router);
    await unharmed();
    await blocking.setBlocked(router, false);
    await bid(addresses[3]);
  });

  it("a token that shrinks is offered as it is in the next lot", async () => {
    const { router, bid, blocking, addresses, unharmed } = await hostile();
    await router.startLot(addresses[3]);
    await blocking.burn(router, ether("400"));
    await expect(bid(addresses[3])).to.be.reverted;
    await bid(addresses[3], ether("600"));
    await unharmed();
  });

  it("a claim goes through without a token that reverts: whoever claims leaves it out", async () => {
    const { world, router, blocking, addresses } = await hostile();
    const [{ delegator }] = await world.c.operators.operators();
    await blocking.mint(world.c.rewards, WAD);
    await world.acquire(world.keeper, "wstETH", WAD);
    await world.c.wstEth.connect(world.keeper).transfer(world.c.rewards, WAD);
    const { distribution, index } = await post(world, [
      { earner: delegator, token: addresses[3], amount: WAD },
      { earner: delegator, token: world.asset, amount: WAD },
    ]);
    await blocking.setBlocked(world.c.rewards, true);
    await expect(router.claim(distribution.claim(index, delegator))).to.be.revertedWithCustomError(blocking, "Blocked");
    await router.claim(distribution.claim(index, delegator, [world.asset]));
    expect(await world.c.wstEth.balanceOf(router)).to.equal(WAD);
  });

  it("a token that calls back gets into nothing of the router, and finds whole books elsewhere", async () => {
    const { world, router, bid, reentrant, addresses, unharmed } = await hostile();
    const { accountant, pool } = world.c;
    await router.startLot(addresses[2]);
    const guarded: [string, unknown[]][] = [
      ["startLot", [addresses[0]]],
      ["deliver", [ETHER]],
      ["bid", [addresses[2], 1n, ETHER, 1n, addresses[2], FOREVER]],
    ];
    for (const [i, [fn, args]] of guarded.entries()) {
      await reentrant.setCall(router, router.interface.encodeFunctionData(fn as "deliver", args as [string]));
      await bid(addresses[2], ether("1"));
      const outcomes = await reentrant.outcomes();
      expect(outcomes[i], fn).to.equal(router.interface.getError("ReentrancyGuardReentrantCall")!.selector);
    }
    // In the middle of a bid the proceeds are counted and wait: a report is one like any other.
    const rate = await pool.rate();
    await reentrant.setCall(accountant, accountant.interface.encodeFunctionData("report"));
    await bid(addresses[2], ether("1"));
    expect((await reentrant.outcomes())[3]).to.equal("0x00000000");
    expect(await pool.rate()).to.be.at.most(rate + rate / 1_000n);
    // A deposit from there pays for what the bid brought.
    await reentrant.setCall(
      pool,
      pool.interface.encodeFunctionData("depositEther", [addresses[2], 0n, FOREVER, NO_REFERRAL]),
    );
    await bid(addresses[2], ether("1")); // without ether: too small, and no harm
    expect((await reentrant.outcomes())[4]).to.equal(pool.interface.getError("DepositTooSmall")!.selector);
    await reentrant.setCall(ethers.ZeroAddress, "0x");
    await unharmed();
  });

  it("a bidder who calls back while his change comes gets into nothing, and one who takes none has sent too much", async () => {
    const { router, world, addresses, alice } = await hostile();
    await router.startLot(addresses[0]);
    const wallet = (await ethers.deployContract("WalletMock")) as unknown as WalletMock;
    await alice.sendTransaction({ to: wallet, value: ether("20") });
    const call = router.interface.encodeFunctionData("bid", [
      addresses[0],
      WAD,
      ETHER,
      WAD,
      await wallet.getAddress(),
      FOREVER,
    ]);
    await wallet.setMood(3n, router, router.interface.encodeFunctionData("deliver", [ETHER])); // re-enters
    const idle = await world.c.pool.idle(ETHER);
    await wallet.execute(router, WAD, call);
    expect(await wallet.reentered()).to.equal(false);
    expect((await world.c.pool.idle(ETHER)) - idle).to.be.within(WAD / 101n, WAD / 100n);
    await wallet.setMood(2n, ethers.ZeroAddress, "0x"); // rejects
    await expect(wallet.execute(router, WAD, call)).to.be.revertedWithCustomError(wallet, "EtherRejected");
  });

  it("bids of single units pay a wei each: crumbs are never for nothing", async () => {
    const { router, addresses, bob, world, token } = await hostile();
    await router.startLot(addresses[0]);
    await time.increase(11n * HOUR);
    const idle = await world.c.pool.idle(ETHER);
    for (let i = 0; i < 5; ++i) await router.connect(bob).bid(addresses[0], 1n, ETHER, 1n, bob, FOREVER, { value: 1n });
    expect(await token.balanceOf(bob)).to.equal(5n);
    expect(await world.c.pool.idle(ETHER)).to.equal(idle + 5n);
    expect(FLOOR).to.be.below(WAD); // what one unit is worth is far less than a wei
  });
});
