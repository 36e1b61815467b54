import type { BaseContract, Log, LogDescription } from "ethers";
import { ZeroAddress } from "ethers";
import { BLOCK_SECONDS } from "../sim/time";
import type { World } from "../sim/world";
import { ETHER } from "../sim/world";
import { BasketBook } from "./baskets";
import type { Cast } from "./cast";
import { Income } from "./income";
import { noAssets, type Journal, type PerAsset } from "./moment";
import { toldOf } from "./snapshot";
import { BPS, sum, valueDown } from "./units";

/** A journal of nothing. */
export function emptyJournal(): Journal {
  return {
    reports: [],
    termsChanged: 0,
    deposits: [],
    fills: [],
    instants: [],
    claims: [],
    moves: [],
    strikes: [],
    basketClaims: [],
    losses: [],
    slashes: [],
    openSlashes: [],
    attributed: [],
    admitted: [],
    kept: false,
    alarms: [],
    allocated: [],
    increases: [],
    restakes: [],
    shareMoves: [],
    donations: [],
    roots: [],
    told: [],
    disabledRoots: 0,
    rewardClaims: [],
    pots: [],
    sales: [],
    deliveries: [],
  };
}

type Named = LogDescription & { log: Log; source: string };

/** What changed outside since our books were settled, and when growth was last recognised. */
export interface Marks {
  fresh: boolean;
  reportedAt: bigint;
}

/** Turns the chain's events into journals, one stretch of blocks at a time. */
export class Chronicler {
  private readonly sources: Map<string, { name: string; contract: BaseContract }>;
  private readonly income: Income;
  private readonly openSlashes = new Set<string>();
  /** The story's own book of baskets. */
  readonly baskets: BasketBook;

  private constructor(
    private readonly world: World,
    private readonly cast: Cast,
    sources: [string, { name: string; contract: BaseContract }][],
    readonly marks: Marks,
  ) {
    this.sources = new Map(sources);
    this.income = new Income(world, cast);
    this.baskets = new BasketBook(cast);
  }

  static async create(world: World, cast: Cast): Promise<Chronicler> {
    const { accountant, queue, instant, pool, controller, desk, issuer, allocation, trEth, stEth } = world.c;
    const { rocket, coinbase, rewards, router, attribution, sets, baskets, basketBook } = world.c;
    const watched: Record<string, BaseContract> = {
      ...{ accountant, queue, instant, pool, controller, desk, issuer, allocation, trEth, stEth, rewards, router },
      ...{ attribution, sets, baskets, basketBook },
      ...(rocket && { rocket: rocket.balances }),
      ...(coinbase && { coinbase: coinbase.token }),
    };
    const sources = await Promise.all(
      Object.entries(watched).map(async ([name, contract]) => {
        const entry: [string, { name: string; contract: BaseContract }] = [
          await contract.getAddress(),
          { name, contract: contract },
        ];
        return entry;
      }),
    );
    const { reportedAt } = await pool.terms();
    return new Chronicler(world, cast, sources, { fresh: true, reportedAt });
  }

  /** Everything that happened from one block to another, both included. */
  async read(fromBlock: bigint, toBlock: bigint, toTime: bigint): Promise<Journal> {
    const journal = emptyJournal();
    journal.openSlashes = [...this.openSlashes];
    const addresses = [...this.sources.keys()];
    const { provider } = this.world.ctx;
    const logs = await provider.getLogs({ address: addresses, fromBlock, toBlock });
    for (const log of logs) {
      const source = this.sources.get(log.address);
      const parsed = source?.contract.interface.parseLog(log);
      if (!source || !parsed) continue;
      const time = toTime - (toBlock - BigInt(log.blockNumber)) * BLOCK_SECONDS;
      await this.note(journal, Object.assign(parsed, { log, source: source.name }), time);
    }
    await this.income.close(journal, Number(toBlock));
    for (const { operator, set } of journal.slashes) this.openSlashes.add(`${operator} ${set}`);
    const last = journal.slashes.at(-1)?.block ?? 0n;
    for (const { operator, set, block } of journal.attributed) {
      if (block > last) this.openSlashes.delete(`${operator} ${set}`);
    }
    return journal;
  }

  private async note(journal: Journal, e: Named, time: bigint): Promise<void> {
    const block = BigInt(e.log.blockNumber);
    const a = e.args.toObject() as Record<string, never>;
    const at = { blockTag: e.log.blockNumber };
    const { c } = this.world;
    this.baskets.note(`${e.source}.${e.name}`, a);
    switch (`${e.source}.${e.name}`) {
      case "accountant.Reported": {
        const { netAssetValue: nav, supply, rateWad: rate, feeShares } = a;
        const from = await c.pool.rate({ blockTag: e.log.blockNumber - 1 });
        journal.reports.push({ nav, supply, rate, feeShares, time, lastReport: this.marks.reportedAt, from });
        this.marks.reportedAt = time;
        return;
      }
      case "accountant.LossRecognised":
        journal.losses.push({ kind: Number(a.kind), subject: this.cast.nameOf(a.subject), value: a.etherValue, block });
        return;
      case "accountant.AlarmRang":
        journal.alarms.push({ closedUntil: a.closedUntil, time });
        return;
      case "pool.TermsChanged":
        journal.termsChanged++;
        this.marks.fresh = true;
        return;
      case "pool.Deposited": {
        const asset = this.assetOf(a.token);
        const [terms, assetTerms] = await Promise.all([c.pool.terms(at), c.pool.assetTerms(asset, at)]);
        const value = valueDown(a.units, assetTerms.rateWad);
        const receiver = this.cast.nameOf(a.receiver);
        journal.deposits.push({ value, shares: a.shares, price: terms.rateWad + terms.waitingWad, receiver });
        return;
      }
      case "queue.BatchFilled": {
        const [{ rateWad: assetRate }, nav, supply] = await Promise.all([
          c.pool.assetTerms(a.asset, at),
          c.accountant.netAssetValue(at),
          c.trEth.totalSupply(at),
        ]);
        const { day, shares, units, rateWad: rate } = a;
        const asset = this.cast.assetName(a.asset);
        journal.fills.push({ asset, day, shares, units, rate, assetRate, time, nav, supply });
        return;
      }
      case "instant.RedeemedInstantly":
        journal.instants.push(await this.instantAt(a, time, e.log.blockNumber));
        return;
      case "queue.Claimed":
        journal.claims.push({
          id: a.id,
          receiver: this.cast.nameOf(a.receiver),
          asset: this.cast.assetName(a.asset),
          units: a.units,
          block,
        });
        return;
      case "queue.TicketMoved":
        journal.moves.push({ id: a.id, newId: a.newId });
        return;
      case "basketBook.Struck":
        journal.strikes.push(await this.strikeAt(a, e.log.blockNumber));
        return;
      case "baskets.BasketClaimed":
        journal.basketClaims.push({
          id: a.id,
          receiver: this.cast.nameOf(a.receiver),
          asset: this.cast.assetName(a.asset),
          units: a.units,
        });
        return;
      case "controller.Allocated": {
        const operator = this.cast.operators[Number(a.operatorId)].name;
        const set = this.setOf(a.avs, a.setId);
        const isUp = a.newMagnitude > a.oldMagnitude;
        if (isUp) journal.increases.push(await this.exposureAt(set, a.asset, e.log.blockNumber));
        const asset = this.cast.assetName(a.asset);
        journal.allocated.push({ operator, set, asset, from: a.oldMagnitude, to: a.newMagnitude, block });
        return;
      }
      case "desk.Restaked":
        journal.restakes.push(await this.stakeAt(Number(a.operatorId), a.asset, e.log.blockNumber));
        return;
      case "allocation.OperatorSlashed": {
        const { avs, id } = a.operatorSet as { avs: string; id: bigint };
        if (!this.cast.sets.some(({ address }) => address === avs)) return; // of operators that are not ours
        this.marks.fresh = false;
        const strategies = a.strategies as string[];
        for (const { name: asset, strategy } of this.cast.restaked) {
          const i = strategies.indexOf(strategy);
          if (i === -1) continue;
          const wad = (a.wadSlashed as bigint[])[i];
          journal.slashes.push({ operator: this.cast.nameOf(a.operator), set: this.setOf(avs, id), asset, wad, block });
        }
        return;
      }
      case "attribution.LossAttributed": {
        const set = a.avs === ZeroAddress ? "unknown" : this.setOf(a.avs, a.setId);
        journal.attributed.push({ operator: this.cast.nameOf(a.account), set, value: a.etherValue, block });
        return;
      }
      case "sets.SetAdmitted": {
        const set = { avs: a.avs as string, id: a.setId as bigint };
        const { proposedAt } = await c.sets.statusOf(set, at);
        journal.admitted.push({ set: this.setOf(set.avs, set.id), proposedAt, time });
        return;
      }
      case "stEth.TokenRebased":
      case "rocket.BalancesReported":
      case "coinbase.ExchangeRateUpdated":
      case "issuer.RedemptionRequested": // the books read the desk anew with the next report
      case "issuer.RedemptionClaimed":
        this.marks.fresh = false;
        return;
      case "trEth.Transfer":
        if (a.from !== ZeroAddress && a.to !== ZeroAddress) await this.noteShareMove(journal, e);
        return;
      default:
        await this.income.note(journal, { source: e.source, name: e.name, args: a, log: e.log }, time);
    }
  }

  private async instantAt(
    a: Record<string, never>,
    time: bigint,
    blockTag: number,
  ): Promise<Journal["instants"][number]> {
    const { c } = this.world;
    const at = { blockTag };
    const [idle, waiting, terms, nav, supply] = await Promise.all([
      c.pool.idle(ETHER, at),
      c.queue.waitingShares(ETHER, at),
      c.pool.terms(at),
      c.accountant.netAssetValue(at),
      c.trEth.totalSupply(at),
    ]);
    return {
      who: this.cast.nameOf(a.caller),
      receiver: this.cast.nameOf(a.receiver),
      shares: a.shares,
      paid: a.etherPaid,
      fee: a.etherFee,
      rate: a.rateWad,
      time,
      idle,
      waiting,
      price: terms.rateWad + terms.waitingWad,
      nav,
      supply,
    };
  }

  /** Everything around a strike, and what is whose right after it. */
  private async strikeAt(a: Record<string, never>, block: number): Promise<Journal["strikes"][number]> {
    const { c } = this.world;
    const look = async (blockTag: number) => {
      const [{ rateWad: rate, waitingWad: waiting }, totalLoss] = await Promise.all([
        c.pool.terms({ blockTag }),
        c.accountant.totalLoss({ blockTag }),
      ]);
      return { rate, waiting, totalLoss };
    };
    const at = { blockTag: block - 1 };
    const [idle, units]: PerAsset[] = [noAssets(), noAssets()];
    for (const { name, address } of this.cast.assets) {
      const { pool, restaked, unbonding } = await c.accountant.backing(address, at);
      idle[name] = pool;
      units[name] = pool + restaked + unbonding + (name === "ETH" ? await c.accountant.redeeming(at) : 0n);
    }
    const { strike, shares, supply } = a;
    this.baskets.strike(shares, supply, idle);
    const struck = await c.baskets.queryFilter(c.baskets.filters.BasketStruck(undefined, strike), block, block);
    const { day } = struck[0].args;
    const { tickets: count } = await c.baskets.basket(day, { blockTag: block });
    const ids = Array.from({ length: Number(count) }, (_, i) => (BigInt(day) << 32n) | BigInt(i));
    const tickets = await Promise.all(
      ids.map(async (id) => {
        const { owner, told } = await toldOf(this.world, this.cast, id, block);
        return { id, owner, told };
      }),
    );
    const before = { ...(await look(block - 1)), units };
    return { strike: Number(strike), shares, supply, before, after: await look(block), tickets };
  }

  private async noteShareMove(journal: Journal, { args, log }: Named): Promise<void> {
    const transaction = await this.world.ctx.provider.getTransaction(log.transactionHash);
    const [from, to, shares] = args as unknown as [string, string, bigint];
    const sender = this.cast.nameOf(transaction?.from ?? ZeroAddress);
    journal.shareMoves.push({ from: this.cast.nameOf(from), to: this.cast.nameOf(to), sender, shares });
  }

  private async exposureAt(set: string, asset: string, blockTag: number): Promise<Journal["increases"][number]> {
    const { reader } = this.world.c;
    const named = this.cast.sets.find(({ key }) => key === set);
    if (named === undefined) throw new Error(`no set ${set} in the configuration`);
    const [exposure, avsExposure, { total }] = await Promise.all([
      reader.exposure({ avs: named.address, id: named.id }, asset, { blockTag }),
      reader.exposureOfAvs(named.address, asset, { blockTag }),
      reader.stakeOf(0, asset, { blockTag }),
    ]);
    const [cap, avsCap] = [named.capBps, named.avsCapBps].map((bps) => (total * bps) / BPS);
    return { set, asset: this.cast.assetName(asset), exposure, cap, avsExposure, avsCap };
  }

  private async stakeAt(operatorId: number, asset: string, blockTag: number): Promise<Journal["restakes"][number]> {
    const { accountant, desk } = this.world.c;
    const { name, delegator } = this.cast.operators[operatorId];
    const [{ restaked }, backing, capBps] = await Promise.all([
      accountant.book(delegator, asset, { blockTag }),
      accountant.backing(asset, { blockTag }),
      desk.OPERATOR_CAP_BPS(),
    ]);
    const units = await accountant.unitsOfEngineShares(asset, restaked, { blockTag });
    const cap = (sum([backing.pool, backing.restaked, backing.unbonding]) * capBps) / BPS;
    return { operator: name, asset: this.cast.assetName(asset), units, cap };
  }

  private setOf(avs: string, id: bigint): string {
    return `${this.cast.nameOf(avs)}/${id}`;
  }

  /** stETH and WETH come in as forms of other assets. */
  private assetOf(token: string): string {
    if (token === this.stEthAddress) return this.cast.addresses.wstEth;
    return this.cast.assets.some(({ address }) => address === token) ? token : ETHER;
  }

  private get stEthAddress(): string {
    return [...this.sources].find(([, { name }]) => name === "stEth")?.[0] ?? "";
  }
}
