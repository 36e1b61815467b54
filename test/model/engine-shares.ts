/** Half of the model: shares of stakers and operators, delegation, and the queue of withdrawals. */
import {
  at,
  div,
  latest,
  min,
  mul,
  need,
  push,
  remove,
  VIRTUAL,
  WAD,
  type State,
  type Withdrawal,
} from "./engine-state";
import { OPERATORS, type Delays } from "./engine-types";

export abstract class ShareModel {
  abstract state: State;
  /** The block of the last action or look. */
  now = 0n;

  constructor(protected readonly delays: Delays) {}

  /** What a slash left of one share. */
  protected factor(operator: string, strategy: string): bigint {
    return operator === "" ? WAD : latest(this.state.operators[operator].max[strategy], WAD);
  }

  protected withdrawable(who: string, strategy: string): bigint {
    const { shares, scaling, operator } = this.state.accounts[who];
    return mul(mul(shares[strategy], scaling[strategy]), this.factor(operator, strategy));
  }

  protected deposit(who: string, name: string, amount: bigint): void {
    const strategy = this.state.strategies[name];
    const shares = (amount * (strategy.totalShares + VIRTUAL)) / (strategy.balance + VIRTUAL);
    need(shares !== 0n, "NewSharesZero");
    strategy.totalShares += shares;
    strategy.balance += amount;
    this.state.accounts[who].tokens[name] -= amount;
    this.addShares(who, name, shares);
  }

  protected addShares(who: string, strategy: string, added: bigint): void {
    const account = this.state.accounts[who];
    const previous = account.shares[strategy];
    const worth = this.withdrawable(who, strategy);
    const factor = this.factor(account.operator, strategy);
    need(factor !== 0n, "FullySlashed");
    const scaling =
      previous === 0n ? div(account.scaling[strategy], factor) : div(div(worth + added, previous + added), factor);
    need(scaling !== 0n, "InvalidDepositScalingFactor");
    if (previous === 0n) account.strategies.push(strategy);
    account.shares[strategy] += added;
    account.scaling[strategy] = scaling;
    if (account.operator !== "") this.state.operators[account.operator].shares[strategy] += added;
  }

  protected payOut(name: string, shares: bigint): bigint {
    const strategy = this.state.strategies[name];
    need(shares <= strategy.totalShares, "WithdrawalAmountExceedsTotalDeposits");
    const amount = ((strategy.balance + VIRTUAL) * shares) / (strategy.totalShares + VIRTUAL);
    strategy.totalShares -= shares;
    strategy.balance -= amount;
    return amount;
  }

  /* DELEGATION */

  protected delegate(who: string, operator: string): void {
    const account = this.state.accounts[who];
    need(account.operator === "", "ActivelyDelegated");
    need(OPERATORS.includes(operator), "OperatorNotRegistered");
    account.operator = operator;
    for (const strategy of account.strategies) {
      const factor = this.factor(operator, strategy);
      need(factor !== 0n, "FullySlashed");
      account.scaling[strategy] = div(account.scaling[strategy], factor);
      this.state.operators[operator].shares[strategy] += account.shares[strategy];
    }
  }

  protected undelegate(who: string, by: string): void {
    const account = this.state.accounts[who];
    const operator = account.operator;
    need(operator !== "", "NotActivelyDelegated");
    need(operator !== who, "OperatorsCannotUndelegate");
    need(by === who || by === operator, "CallerCannotUndelegate");
    account.operator = "";
    for (const strategy of [...account.strategies]) {
      this.queue(who, operator, [strategy], [String(account.shares[strategy])]);
    }
  }

  protected queue(who: string, operator: string, strategies: string[], amounts: string[]): void {
    const account = this.state.accounts[who];
    need(strategies.length !== 0, "InputArrayLengthZero");
    const scaled = strategies.map((strategy, i) => {
      const shares = BigInt(amounts[i]);
      const q = mul(shares, account.scaling[strategy]);
      if (operator !== "") {
        const { queuedScaled, shares: operatorShares } = this.state.operators[operator];
        push(queuedScaled[strategy], this.now, latest(queuedScaled[strategy], 0n) + q);
        operatorShares[strategy] -= mul(q, this.factor(operator, strategy));
        need(operatorShares[strategy] >= 0n, "Panic(0x11)");
      }
      need(shares !== 0n, "SharesAmountZero");
      need(shares <= account.shares[strategy], "SharesAmountTooHigh");
      account.shares[strategy] -= shares;
      if (account.shares[strategy] === 0n) {
        remove(account.strategies, strategy);
        account.scaling[strategy] = WAD;
      }
      return q;
    });
    const nonce = account.nonce++;
    account.queued.push({ nonce, operator, startBlock: this.now, strategies: [...strategies], scaled });
  }

  /** What each part is worth: the last slashable block decides, and until then the present. */
  protected worth({ operator, startBlock, strategies, scaled }: Withdrawal): bigint[] {
    const until = min(startBlock + this.delays.withdrawal, this.now);
    return strategies.map((strategy, i) =>
      operator === "" ? scaled[i] : mul(scaled[i], at(this.state.operators[operator].max[strategy], until, WAD)),
    );
  }

  protected complete(who: string, index: number, asTokens: boolean): void {
    const account = this.state.accounts[who];
    const withdrawal = account.queued[index];
    need(this.now > withdrawal.startBlock + this.delays.withdrawal, "WithdrawalDelayNotElapsed");
    remove(account.queued, withdrawal);
    const worth = this.worth(withdrawal);
    withdrawal.strategies.forEach((strategy, i) => {
      if (worth[i] === 0n) return;
      if (asTokens) account.tokens[strategy] += this.payOut(strategy, worth[i]);
      else this.addShares(who, strategy, worth[i]);
    });
  }

  /** Shares in the queue that a slash in this block still reaches, at the maximum `max`. */
  protected slashableQueue(operator: string, strategy: string, max: bigint): bigint {
    const history = this.state.operators[operator].queuedScaled[strategy];
    return mul(latest(history, 0n) - at(history, this.now - this.delays.withdrawal - 1n, 0n), max);
  }
}
