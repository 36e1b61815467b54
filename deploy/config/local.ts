import type { ConfigInput } from "./schema";

// Accounts 1 to 9 of Hardhat's public test mnemonic; account 0 deploys.
const ADMIN = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const TIGHTENING = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const GUARDIAN = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
const FEE_RECIPIENT = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65";
// Accounts 17 to 19: outside Trellis.
const COMMITTEE = "0xbDA5747bFD65F08deb54cb465eB87D40e51B197E";
const CANONICAL_BRIDGE = "0xdD2FD4581271e230360230F9337D5c0430Bf44C0";
const BRIDGE_INSURANCE = "0x8626f6940E2eb28930eFb4CeF49B2d1F2C9C1199";
const NODE_OPERATORS = {
  alder: "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
  birch: "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
  cedar: "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
  dogwood: "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
  elm: "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
};

const HOUR = 3_600;
const DAY = 24 * HOUR;

const described = (name: string) => ({
  metadataURI: `https://example.org/avs/${name}.json`,
  minStake: "1 ether",
  cooldownSeconds: HOUR,
});
const oracle = (slashBps: number, roundSeconds: number, absences: number, ofRounds: number) => ({
  kind: "oracle" as const,
  ...described("oracle"),
  minStake: "0.1 ether", // a hundredth of an operator's stake is pledged to accuracy
  slashBps,
  roundSeconds,
  absences,
  ofRounds,
});
/** All of it within the ten minutes for which this engine keeps a leaver slashable. */
const accuracy = {
  boundBps: 500,
  slashBps: 1_000,
  cooldownSeconds: HOUR,
  vetoSeconds: 180,
  executionSeconds: 120,
  committee: COMMITTEE,
};
const vetoed = {
  kind: "vetoed" as const,
  committee: COMMITTEE,
  windowSeconds: accuracy.vetoSeconds + accuracy.executionSeconds,
};

/** Terms of the tokens that are neither Lido's nor ETH: the breaker trips before a fall costs more than the haircut. */
const plain = {
  cap: "1000000 ether",
  minDeposit: "0.0001 ether",
  haircutBps: 30,
  inflowBps: 500,
  inflowFloor: "5000 ether",
  minRate: "0.5 ether",
  maxRate: "3 ether",
  market: { kind: "deploy" as const, heartbeatSeconds: 25 * HOUR, boundBps: 20 },
};

/** A chain of its own with a short-delay engine and stand-ins for everything outside. */
export const local: ConfigInput = {
  engine: {
    kind: "deploy",
    withdrawalDelayBlocks: 50,
    deallocationDelayBlocks: 50,
    allocationConfigurationDelayBlocks: 75,
  },
  lido: { kind: "deploy" },
  weth: { kind: "deploy" },
  ether: { cap: "1000000 ether", minDeposit: "0.0001 ether", inflowBps: 500, inflowFloor: "5000 ether" },
  rocketPool: { kind: "deploy" },
  coinbase: { kind: "deploy" },
  assets: [
    {
      asset: "wstETH",
      strategy: { kind: "deploy", underlying: "stETH" },
      cap: "1000000 ether",
      minDeposit: "0.0001 ether",
      haircutBps: 0,
      inflowBps: 500,
      inflowFloor: "5000 ether",
      minRate: "0.5 ether",
      maxRate: "3 ether",
    },
    { asset: "rETH", strategy: { kind: "deploy", underlying: "rETH" }, ...plain, maxRateAgeSeconds: 2 * DAY },
    { asset: "cbETH", strategy: { kind: "deploy", underlying: "cbETH" }, ...plain, maxRateAgeSeconds: 3 * DAY },
  ],
  operators: Object.entries(NODE_OPERATORS).map(([name, nodeOperator], i) => ({
    name,
    nodeOperator,
    entity: i + 1,
    metadataURI: `https://example.org/operators/${name}.json`,
    weightBps: 2_000,
    allocationDelayBlocks: 10,
  })),
  avss: [
    {
      name: "price-oracle",
      contract: oracle(10_000, DAY, 3, 7),
      capBps: 1_000,
      sets: [
        { id: 0, capBps: 600, targetBps: 500, group: "oracles" },
        { id: 1, capBps: 400, targetBps: 300, group: "oracles" },
      ],
    },
    {
      name: "rate-oracle",
      contract: { ...oracle(5_000, 120, 10, 30), accuracy },
      capBps: 1_000,
      sets: [
        { id: 0, capBps: 800, targetBps: 700, group: "oracles" },
        { id: 1, capBps: 200, targetBps: 100, group: "oracles", fault: vetoed },
      ],
    },
    {
      name: "availability",
      contract: {
        kind: "availability",
        ...described("availability"),
        slashBps: 2_500,
        bond: "0.05 ether",
        responseSeconds: 240,
      },
      capBps: 300,
      sets: [{ id: 0, capBps: 300, targetBps: 200, group: "availability" }],
    },
    {
      name: "finality",
      contract: { kind: "finality", ...described("finality"), slashBps: 10_000 },
      capBps: 300,
      sets: [{ id: 0, capBps: 300, targetBps: 200, group: "finality" }],
    },
    {
      name: "bridge",
      contract: {
        kind: "bridge",
        ...described("bridge"),
        slashBps: 10_000,
        sourceChainId: 10,
        canonical: CANONICAL_BRIDGE,
        insurance: BRIDGE_INSURANCE,
        canonicalDelaySeconds: 480,
      },
      capBps: 0,
      sets: [], // what it slashes is not burned: it has operators of its own
    },
  ],
  deposits: { maxReportAgeSeconds: 25 * HOUR },
  feeds: { maxGrowthBpsPerYear: 1_000 },
  accounting: {
    growthCapBpsPerDay: 10,
    alarmBps: 50,
    closingHours: 24,
    alarmRestDays: 7,
    feeBps: 1_000,
    feeCapBpsPerDay: 2,
    feeRecipient: FEE_RECIPIENT,
  },
  withdrawals: { exitTimeSeconds: 5 * DAY + 50 * 12, issuerTimeSeconds: 5 * DAY },
  instant: { targetBps: 500, watermarkBps: 100, minFeeBps: 15, maxFeeBps: 100, bucketBps: 50 },
  rewards: {
    lotSeconds: 12 * HOUR,
    cooldownSeconds: DAY,
    startFactor: 10,
    minLot: "0.1 ether",
    floors: [{ name: "REWARD", token: { kind: "deploy" }, price: "0.001 ether" }],
  },
  allocation: {
    operatorCapBps: 2_500,
    avsCapBps: 1_000,
    groupCapBps: 2_000,
    unverifiedCapBps: 2_000,
    reserveBps: 1_000,
    minAllocationDelayBlocks: 10,
  },
  governance: { admin: ADMIN, tightening: TIGHTENING, guardian: GUARDIAN, adminDelaySeconds: 6 * DAY },
};
