/** A fresh engine in the state in which every recording starts. */
import { Interface } from "ethers";
import { deployContract, deployEngine, deployStrategy } from "../../deploy/lib/engine";
import type { Chain } from "./chain";
import { Names } from "./names";
import type { Accounts, EngineSettings } from "./recording";
import type { Base } from "./symbols";

/*
 * Two registrars of AVSs, as opcodes: the recordings were made with these. `supportsAVS` answers true on both.
 * Yes accepts every other call and repeats its data as an anonymous log; No refuses it without data.
 */
const IS_SUPPORTS_AVS = "5f3560e01c63b526578714";
const ANSWER_TRUE = "5b60015f5260205ff3";
const REGISTRAR_YES = `${IS_SUPPORTS_AVS}601557365f5f37365fa0${ANSWER_TRUE}`;
const REGISTRAR_NO = `${IS_SUPPORTS_AVS}6011575f5ffd${ANSWER_TRUE}`;

const LETTERS = ["A", "B", "C", "D"] as const;
const ETHER = 10n ** 18n;
const GIVEN_ETHER = 10n ** 6n * ETHER;
const GIVEN_TOKENS = 10n ** 30n;
const LOWEST_BASE = 250n;
const DAY = 86_400n;
const GAS = "0xe4e1c0";

/** Who holds tokens and lets the engine take them. */
const HOLDERS = /^(staker|operator|avs|appointee|owner|stranger)/;

export interface World {
  names: Names;
  base: Base;
  manyCalls: string;
}

export interface WorldOptions {
  accounts: Accounts;
  settings: EngineSettings;
  /** Blocks higher, days later and at other addresses: nothing may depend on them. */
  shift: number;
}

export async function makeWorld(chain: Chain, { accounts, settings, shift }: WorldOptions): Promise<World> {
  const names = new Names();
  for (const [name, { address }] of Object.entries(accounts)) names.bind(name, address);
  const deployer = await chain.deployer();
  const payer = await deployer.getAddress();
  for (let i = 0; i < shift; ++i) await chain.send({ from: payer, to: payer });

  const artifact = chain.artifact;
  const deployment = { deployer, artifact };
  const owner = names.address("owner");
  const engine = await deployEngine({
    ...deployment,
    config: {
      minWithdrawalDelayBlocks: settings.minWithdrawalDelayBlocks,
      deallocationDelayBlocks: settings.deallocationDelay,
      allocationConfigurationDelayBlocks: settings.allocationConfigurationDelay,
      owner,
      strategyWhitelister: owner,
      pausers: [names.address("pauser")],
      unpauser: owner,
      rewards: {
        updater: names.address("updater"),
        feeRecipient: names.address("feeRecipient"),
        calculationIntervalSeconds: settings.calculationIntervalSeconds,
        maxRewardsDuration: settings.maxRewardsDuration,
        maxRetroactiveLength: settings.maxRetroactiveLength,
        maxFutureLength: settings.maxFutureLength,
        genesisRewardsTimestamp: settings.genesisRewardsTimestamp,
        activationDelay: settings.activationDelay,
        defaultSplitBips: settings.defaultOperatorSplitBips,
      },
    },
  });
  for (const [name, address] of Object.entries<string>({ ...engine })) names.bind(name, address);
  const manyCalls = await deployContract(deployment, "ManyCallsMock", []);

  const pairs = [];
  for (const letter of LETTERS) {
    const token = await deployContract(deployment, "ERC20Mock", [`Token ${letter}`, letter]);
    pairs.push({ token, strategy: await deployStrategy(deployment, engine, token) });
  }
  // Arrays that the recording calls ascending must be ascending here too.
  pairs.sort((a, b) => (BigInt(a.strategy) < BigInt(b.strategy) ? -1 : 1));
  pairs.forEach(({ token, strategy }, i) => {
    names.bind(`token${LETTERS[i]}`, token);
    names.bind(`strategy${LETTERS[i]}`, strategy);
  });
  for (const [name, code] of [
    ["registrarYes", REGISTRAR_YES],
    ["registrarNo", REGISTRAR_NO],
  ]) {
    names.bind(name, await deployRaw(chain, payer, code));
  }

  for (const { address } of Object.values(accounts)) await chain.command(address, GIVEN_ETHER);
  await handOutTokens(chain, names, accounts);
  const strategyManager = await chainInterface(chain, "StrategyManager");
  await succeed(chain, {
    from: owner,
    to: engine.strategyManager,
    data: strategyManager.encodeFunctionData("addStrategiesToDepositWhitelist", [pairs.map((pair) => pair.strategy)]),
  });
  return { names, manyCalls, base: await goToBase(chain, BigInt(shift)) };
}

async function handOutTokens(chain: Chain, names: Names, accounts: Accounts): Promise<void> {
  const token = await chainInterface(chain, "ERC20Mock");
  const spenders = ["strategyManager", "rewardsCoordinator"].map((spender) => names.address(spender));
  for (const [name, { address }] of Object.entries(accounts)) {
    if (!HOLDERS.test(name)) continue;
    for (const letter of LETTERS) {
      const to = names.address(`token${letter}`);
      for (const spender of spenders) {
        const approve = token.encodeFunctionData("approve", [spender, 2n ** 256n - 1n]);
        await succeed(chain, { from: address, to, data: approve });
      }
      await succeed(chain, { from: address, to, data: token.encodeFunctionData("mint", [address, GIVEN_TOKENS]) });
    }
  }
}

/** Mines to the base block: high enough for every delay, at the start of a day. */
async function goToBase(chain: Chain, shift: bigint): Promise<Base> {
  const { number } = await chain.latest();
  const lowest = LOWEST_BASE + shift;
  if (number < lowest) await chain.mineMany(lowest - number, 1n);
  const before = await chain.latest();
  const time = (before.time / DAY + 1n + shift) * DAY;
  await chain.setNextTime(time);
  await chain.mine();
  return { block: before.number + 1n, time };
}

async function deployRaw(chain: Chain, from: string, code: string): Promise<string> {
  const length = (code.length / 2).toString(16).padStart(4, "0");
  const { contractAddress } = await succeed(chain, { from, data: `0x61${length}80600a5f395ff3${code}` });
  if (contractAddress === undefined) throw new Error("nothing was deployed");
  return contractAddress;
}

async function succeed(chain: Chain, transaction: Parameters<Chain["send"]>[0]): ReturnType<Chain["send"]> {
  const outcome = await chain.send({ gas: GAS, ...transaction });
  if (outcome.failed !== undefined) throw new Error(`a transaction that prepares the world failed: ${outcome.failed}`);
  return outcome;
}

async function chainInterface(chain: Chain, name: string): Promise<Interface> {
  return new Interface((await chain.artifact(name)).abi);
}
