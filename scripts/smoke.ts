import { World, ETHER } from "./sim/world";
import { parseEther, formatEther } from "ethers";
async function main() {
  const w = await World.create();
  const c = w.c;
  const show = async (t: string) => {
    const b = await c.accountant.backing(w.asset);
    const T = await c.pool.terms();
    console.log(
      t,
      "rate",
      formatEther(T.rateWad),
      "wait",
      formatEther(T.waitingWad),
      "nav",
      formatEther(await c.accountant.netAssetValue()),
      "supply",
      formatEther(await c.trEth.totalSupply()),
      "idleE",
      formatEther(await c.pool.idle(ETHER)),
      "pool",
      formatEther(b.pool),
      "re",
      formatEther(b.restaked),
      "un",
      formatEther(b.unbonding),
      "redeeming",
      formatEther(await c.issuer.redeemingValue()),
    );
  };
  const cr = (s: any[]) =>
    console.log(
      "   ",
      s
        .map((x) => x.call.crank + (x.skipped ? "!" + x.skipped : "") + " " + (x.receipt ? x.receipt.gasUsed : ""))
        .join(", "),
    );
  const [a, b, d] = [await w.person(0), await w.person(1), await w.person(2)];
  await w.registerAll();
  await w.depositEther(a, parseEther("100"));
  await show("dep ETH");
  await w.deposit(b, "stETH", parseEther("50"));
  await show("dep stETH");
  await w.deposit(d, "wstETH", parseEther("50"));
  await show("dep wst");
  cr(await w.crank());
  await show("crank");
  cr(await w.days(1));
  await show("day1");
  await w.allocateAll();
  await w.pass(7200n);
  console.log(
    "exposure",
    formatEther(await c.controller.exposure({ avs: await c.avss[0].getAddress(), id: 0n }, w.asset)),
  );
  await w.lidoEarns(2n);
  cr(await w.days(1));
  await show("day2");
  const t1 = await w.request(a, ETHER, parseEther("40"));
  const t2 = await w.request(b, w.asset, parseEther("20"));
  await w.equivocate(0, 1);
  await show("slashed");
  cr(await w.days(1));
  await show("day3");
  for (let i = 0; i < 9; i++) {
    cr(await w.days(1));
    await show("day" + (4 + i));
  }
  console.log(await c.queue.claimable(t1), await c.queue.claimable(t2), await c.queue.withdrawalStatus(t1));
  await w.claim(t1);
  await w.claim(t2);
  await show("end");
  console.log("loss", formatEther(await c.accountant.totalLoss()));
}
main().catch((e) => {
  console.error(e);
  process.exit(1);
});
