import type { ContractTransactionResponse } from "ethers";
import { OperatorDelegator__factory } from "../../typechain-types";
import type { Contracts } from "../sim/contracts";
import type { Call } from "./plan";

type Crank = Call["crank"];
type Sender<K extends Crank> = (
  c: Contracts,
  call: Extract<Call, { crank: K }>,
) => Promise<ContractTransactionResponse>;

/** The call behind every crank. */
const SENDERS: { [K in Crank]: Sender<K> } = {
  report: (c) => c.accountant.report(),
  sync: (c, { delegator }) => c.accountant.sync(delegator),
  syncAsset: (c, { asset }) => c.accountant.syncAsset(asset),
  syncIssuers: (c) => c.accountant.syncIssuers(),
  claim: (c, { requests }) => c.issuer.claim(requests),
  complete: (c, { operatorId, withdrawals }) => c.desk.complete(operatorId, withdrawals),
  fill: (c, { asset, batches }) => c.queue.fill(asset, batches),
  strike: (c, { day }) => c.baskets.strike(day),
  divide: (c, { steps }) => c.basketBook.divide(steps),
  burn: (c) => c.issuer.burn(),
  redeem: (c) => c.issuer.redeem(),
  unbond: (c, { asset, operators }) => c.desk.unbond(asset, operators),
  stake: (c) => c.issuer.stake(),
  restake: (c, { asset, operators }) => c.desk.restake(asset, operators),
  poke: (c) => {
    if (c.cbEthSource === undefined) throw new Error("this deployment has no rate source of cbETH");
    return c.cbEthSource.poke();
  },
  sweep: (c) => c.issuer.sweep(),
  advance: (c) => c.cappedFeed.advance(),
  quarantineSet: (c, { set }) => c.sets.quarantineSet(set),
  admitSet: (c, { set }) => c.sets.admitSet(set),
  forgetSet: (c, { set }) => c.sets.forgetSet(set),
  takeNotice: (c, { set }) => c.notices.takeNotice(set),
  reportFault: (c, { operatorId }) => c.operators.reportFault(operatorId),
  attribute: (c, { delegator }) => c.attribution.attribute(delegator),
  rebalance: (c, { operatorId, steps }) => c.controller.rebalance(operatorId, steps),
  clear: (c, { account, strategies }) =>
    c.allocation.clearDeallocationQueue(
      account,
      strategies,
      strategies.map(() => ALL),
    ),
  setClaimer: (c, { delegator }) => OperatorDelegator__factory.connect(delegator, c.operators.runner).setClaimer(),
  claimRewards: (c, { proof }) => c.router.claim(proof),
  deliver: (c, { token }) => c.router.deliver(token),
  startLot: (c, { token }) => c.router.startLot(token),
};

/** More entries than a deallocation queue of ours ever has. */
const ALL = 256n;

/** Sends the transaction that turns a crank. */
export function transaction<K extends Crank>(
  c: Contracts,
  call: Extract<Call, { crank: K }>,
): Promise<ContractTransactionResponse> {
  return SENDERS[call.crank](c, call);
}
