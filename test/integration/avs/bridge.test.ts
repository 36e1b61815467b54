import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { registrationData, signingKey } from "../../../scripts/sim/avs";
import { leafOf, MerkleTree } from "../../../scripts/sim/merkle";
import type { BridgeAvs, InstantSlasher } from "../../../typechain-types";
import {
  allocatedTo,
  allocates,
  becomesOperator,
  BLOCK_SECONDS,
  blocks,
  completes,
  engine,
  ether,
  joins,
  leaves,
  LIABILITY,
  queues,
  WAD,
} from "./engine";

const half = WAD / 2n;
const SOURCE_CHAIN = 10n;
const ATTESTATION = "tuple(uint32 operatorSetId,uint64 nonce,bytes32 payloadHash,uint64 seenAt)";
const DISPROOF = "tuple(uint64 outboxAt,bytes32 payloadHash,bytes32[] proof)";
const coder = ethers.AbiCoder.defaultAbiCoder();
const payload = (text: string): string => ethers.id(text);

interface Attestation {
  operatorSetId: bigint;
  nonce: bigint;
  payloadHash: string;
  seenAt: bigint;
}

/** Three operators of 100 who serve the bridge with half of their stake. */
async function bridge() {
  const [deployer, canonical, insurance, alice, ...operators] = await ethers.getSigners();
  const core = await engine(deployer);
  const terms = {
    minStake: ether("1"),
    sourceChainId: SOURCE_CHAIN,
    canonical: canonical.address,
    insurance: insurance.address,
    canonicalDelay: 480n,
    secondsPerBlock: BLOCK_SECONDS,
    slashWad: WAD,
    cooldown: 0n,
  };
  const deploy = (changes: Partial<typeof terms> = {}) =>
    ethers.deployContract("BridgeAvs", [
      core.allocation,
      core.rewards,
      "ipfs://bridge",
      [core.strategies],
      { ...terms, ...changes },
    ]);
  const avs = (await deploy()) as unknown as BridgeAvs;
  const slasher = (await ethers.getContractAt("InstantSlasher", await avs.slasher())) as unknown as InstantSlasher;
  for (const operator of operators.slice(0, 3)) {
    await becomesOperator(core, operator, ether("100"));
    await joins(core, operator, avs, await registrationData(avs, operator.address));
    await allocates(core, operator, avs, half);
  }
  return { ...core, avs, slasher, deploy, canonical, insurance, alice, operators };
}

type World = Awaited<ReturnType<typeof bridge>>;

/** The source chain: what was sent, as its outbox commits it. */
const treeOf = (sent: string[]) =>
  new MerkleTree(sent.length === 0 ? [ethers.ZeroHash] : sent.map((p, i) => leafOf(["uint64", "bytes32"], [i + 1, p])));

/** The canonical bridge tells what had been sent at a time; by default now. */
async function tells({ avs, canonical }: World, sent: string[], moment?: bigint): Promise<bigint> {
  const at = moment ?? BigInt(await time.latest());
  await avs.connect(canonical).postOutbox(at, { root: treeOf(sent).root, count: sent.length });
  return at;
}

/** What an operator says of a message it saw just now. */
async function says(nonce: bigint, payloadHash: string, seenAt?: bigint): Promise<Attestation> {
  return { operatorSetId: 0n, nonce, payloadHash, seenAt: seenAt ?? BigInt(await time.latest()) };
}

async function signed({ avs }: World, operator: HardhatEthersSigner, a: Attestation): Promise<string> {
  const key = signingKey(await avs.getAddress(), operator.address).signingKey;
  return key.sign(await avs.attestationDigest(a)).serialized;
}

/** Evidence against an attestation by the outbox of a time, with the true payload if the outbox has one. */
async function evidence(world: World, operator: HardhatEthersSigner, a: Attestation, outboxAt: bigint, sent: string[]) {
  const index = Number(a.nonce) - 1;
  const truth = sent[index];
  const disproof = [outboxAt, truth ?? ethers.ZeroHash, truth === undefined ? [] : treeOf(sent).proof(index)];
  return coder.encode(
    [ATTESTATION, "bytes", DISPROOF],
    [[a.operatorSetId, a.nonce, a.payloadHash, a.seenAt], await signed(world, operator, a), disproof],
  );
}

const SENT = Array.from({ length: 307 }, (_, i) => payload(`message ${i + 1}`));

/** All three operators forge message 308 while the source stands at 307, and the bridge accepts it. */
async function forged() {
  const world = await bridge();
  const { avs, operators } = world;
  const lie = await says(308n, payload("all the money"));
  for (const operator of operators.slice(0, 3)) await avs.attest(operator, lie, await signed(world, operator, lie));
  await avs.accept(0n, 308n, lie.payloadHash);
  return { ...world, lie };
}

describe("BridgeAvs", () => {
  it("accepts a message that two thirds of the stake attested, and no other of its number", async () => {
    const world = await loadFixture(bridge);
    const { avs, operators } = world;
    const a = await says(1n, SENT[0]);
    await avs.attest(operators[0], a, await signed(world, operators[0], a));
    await expect(avs.accept(0n, 1n, SENT[0]))
      .to.be.revertedWithCustomError(avs, "QuorumMissing")
      .withArgs(ether("100"), ether("300"));
    const later = await says(1n, SENT[0]); // each saw it in a block of its own
    await avs.attest(operators[1], later, await signed(world, operators[1], later));
    await expect(avs.accept(0n, 1n, SENT[0]))
      .to.emit(avs, "MessageAccepted")
      .withArgs(0n, 1n, SENT[0], ether("200"), ether("300"));
    expect([await avs.isAccepted(0n, 1n, SENT[0]), await avs.isAccepted(0n, 1n, SENT[1])]).to.deep.equal([true, false]);
    await expect(avs.accept(0n, 1n, SENT[0])).to.be.revertedWithCustomError(avs, "AlreadyAccepted");
    await expect(avs.accept(0n, 1n, SENT[1]))
      .to.be.revertedWithCustomError(avs, "NonceTaken")
      .withArgs(0n, 1n);
  });

  it("counts signed words of members only, once, and none about the future", async () => {
    const world = await loadFixture(bridge);
    const { avs, operators } = world;
    const a = await says(1n, SENT[0]);
    const signature = await signed(world, operators[0], a);
    await expect(avs.attest(operators[1], a, signature)).to.be.revertedWithCustomError(avs, "NotSignedByKey");
    await expect(avs.attest(operators[5], a, signature)).to.be.revertedWithCustomError(avs, "NotAMember");
    await avs.attest(operators[0], a, signature);
    await expect(avs.attest(operators[0], a, signature)).to.be.revertedWithCustomError(avs, "AlreadyAttested");
    const never = await says(2n, SENT[1], 2n ** 64n - 1n);
    await expect(
      avs.attest(operators[0], never, await signed(world, operators[0], never)),
    ).to.be.revertedWithCustomError(avs, "SeenInFuture");
  });

  it("takes everything from those who forged message 308 while the source stood at 307", async () => {
    const world = await loadFixture(forged);
    const { avs, slasher, operators, lie } = world;
    const at = await tells(world, SENT);
    for (const operator of operators.slice(0, 3)) {
      const proof = await evidence(world, operator, lie, at, SENT);
      await expect(slasher.slash(operator, 0n, proof))
        .to.emit(slasher, "FaultPunished")
        .withArgs(operator, 0n, await avs.messageIdOf(0n, 308n, lie.payloadHash), lie.seenAt);
      expect(await allocatedTo(world, operator, avs)).to.deep.equal([0n, 0n]);
      await expect(slasher.slash(operator, 0n, proof)).to.be.revertedWithCustomError(slasher, "AlreadyPunished");
    }
  });

  it("pays to the insurance exactly what the forger lost, and burns nothing", async () => {
    const world = await loadFixture(forged);
    const { allocation, deposits, avs, slasher, insurance, tokens, operators, lie } = world;
    expect(await allocation.isRedistributingOperatorSet({ avs, id: 0n })).to.equal(true);
    const at = await tells(world, SENT);
    await slasher.slash(operators[0], 0n, await evidence(world, operators[0], lie, at, SENT));
    await deposits.clearBurnOrRedistributableShares({ avs, id: 0n }, 1n);
    for (const token of tokens) expect(await token.balanceOf(insurance)).to.equal(ether("50"));
    const left = await world.delegation.getOperatorShares(operators[0], world.strategies);
    expect(left).to.deep.equal([ether("50"), ether("50")]);
  });

  it("proves a forgery, and another payload among 307, for less than 440,000 gas", async () => {
    const world = await loadFixture(forged);
    const { slasher, operators, lie } = world;
    const at = await tells(world, SENT);
    const other = await says(5n, payload("not what was sent"));
    const gas = [];
    for (const a of [lie, other]) {
      gas.push(await slasher.slash.estimateGas(operators[0], 0n, await evidence(world, operators[0], a, at, SENT)));
    }
    expect(gas[0]).to.be.lessThan(440_000n);
    expect(gas[1]).to.be.lessThan(440_000n);
  });

  it("is not fooled by the lie told again for another moment: one message, one fault", async () => {
    const world = await loadFixture(forged);
    const { slasher, operators, lie } = world;
    const at = await tells(world, SENT);
    await slasher.slash(operators[0], 0n, await evidence(world, operators[0], lie, at, SENT));
    const again = { ...lie, seenAt: lie.seenAt - 1n };
    await expect(
      slasher.slash(operators[0], 0n, await evidence(world, operators[0], again, at, SENT)),
    ).to.be.revertedWithCustomError(slasher, "AlreadyPunished");
  });

  it("catches another payload by the true one, by an outbox of any time", async () => {
    const world = await loadFixture(bridge);
    const { avs, slasher, operators } = world;
    const before = await tells(world, SENT);
    const lie = await says(5n, payload("not what was sent"));
    await slasher.slash(operators[0], 0n, await evidence(world, operators[0], lie, before, SENT));
    expect(await allocatedTo(world, operators[0], avs)).to.deep.equal([0n, 0n]);
    const zero = await says(0n, SENT[0]); // messages are counted from 1
    await slasher.slash(operators[1], 0n, await evidence(world, operators[1], zero, before, SENT));
  });

  it("catches a forger that left, freed its stake and queued its withdrawal before the truth arrived", async () => {
    const world = await loadFixture(forged);
    const { avs, slasher, operators, lie, tokens } = world;
    await leaves(world, operators[0], avs);
    await allocates(world, operators[0], avs, 0n);
    await queues(world, operators[0], ether("100"));
    await blocks(40); // the canonical delay of 480 s
    const at = await tells(world, SENT, lie.seenAt);
    await slasher.slash(operators[0], 0n, await evidence(world, operators[0], lie, at, SENT));
    await blocks(20);
    await completes(world, operators[0]);
    for (const token of tokens) expect(await token.balanceOf(operators[0])).to.equal(ether("50"));
  });

  it("takes no outbox from before the attestation for a proof that a message was not there", async () => {
    const world = await loadFixture(bridge);
    const { avs, slasher, operators } = world;
    const before = await tells(world, SENT);
    await blocks(1);
    const honest = await says(308n, payload("message 308")); // sent meanwhile
    await expect(slasher.slash(operators[0], 0n, await evidence(world, operators[0], honest, before, SENT)))
      .to.be.revertedWithCustomError(avs, "NotDisproved")
      .withArgs(await avs.messageIdOf(0n, 308n, honest.payloadHash), before);
  });

  it("takes no evidence from another set, chain, contract, key or outbox", async () => {
    const world = await loadFixture(forged);
    const { avs, slasher, operators, lie } = world;
    const [operator] = operators;
    const at = await tells(world, SENT);
    const good = await evidence(world, operator, lie, at, SENT);
    await expect(slasher.slash(operator, 1n, good))
      .to.be.revertedWithCustomError(avs, "OtherSet")
      .withArgs(0n, 1n);
    await expect(slasher.slash(operators[1], 0n, good)).to.be.revertedWithCustomError(avs, "NotSignedByKey");
    await expect(slasher.slash(operator, 0n, await evidence(world, operator, lie, at + 1n, SENT)))
      .to.be.revertedWithCustomError(avs, "OutboxUnknown")
      .withArgs(at + 1n);
    const key = signingKey(await avs.getAddress(), operator.address);
    const types = {
      Attestation: [
        { name: "operatorSetId", type: "uint32" },
        { name: "sourceChainId", type: "uint256" },
        { name: "nonce", type: "uint64" },
        { name: "payloadHash", type: "bytes32" },
        { name: "seenAt", type: "uint64" },
      ],
    };
    const domain = {
      name: "Trellis Bridge AVS",
      version: "1",
      chainId: 31_337n,
      verifyingContract: avs.target as string,
    };
    const sign = (changes: object, source: bigint) =>
      key.signTypedData({ ...domain, ...changes }, types, { ...lie, sourceChainId: source });
    const brings = (signature: string) =>
      slasher.slash(
        operator,
        0n,
        coder.encode(
          [ATTESTATION, "bytes", DISPROOF],
          [[0n, lie.nonce, lie.payloadHash, lie.seenAt], signature, [at, ethers.ZeroHash, []]],
        ),
      );
    for (const signature of [
      await sign({ chainId: 1n }, SOURCE_CHAIN),
      await sign({ verifyingContract: operator.address }, SOURCE_CHAIN),
      await sign({}, SOURCE_CHAIN + 1n),
    ]) {
      await expect(brings(signature)).to.be.revertedWithCustomError(avs, "NotSignedByKey");
    }
    await expect(brings(await sign({}, SOURCE_CHAIN))).to.emit(slasher, "FaultPunished");
  });

  it("never slashes who attests only what it saw: every outbox told, every disproof tried", async () => {
    const day = fc.record({ sends: fc.nat(3), attests: fc.boolean(), told: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(day, { minLength: 2, maxLength: 8 }), async (days) => {
        const world = await loadFixture(bridge);
        const { avs, slasher, operators } = world;
        const sent: string[] = [];
        const attested: Attestation[] = [];
        const outboxes: { at: bigint; sent: string[] }[] = [];
        for (const { sends, attests, told } of days) {
          await blocks(1);
          for (let i = 0; i < sends; ++i) sent.push(payload(`honest ${sent.length + 1}`));
          if (attests && sent.length > 0) attested.push(await says(BigInt(sent.length), sent[sent.length - 1]));
          if (told) outboxes.push({ at: await tells(world, sent), sent: [...sent] });
        }
        for (const a of attested) {
          for (const { at, sent: known } of outboxes) {
            const proof = await evidence(world, operators[0], a, at, known);
            await expect(slasher.slash.staticCall(operators[0], 0n, proof)).to.be.revertedWithCustomError(
              avs,
              "NotDisproved",
            );
          }
        }
      }),
      { numRuns: 12 },
    );
  });

  it("takes outboxes of the canonical bridge alone, in order, growing, never twice", async () => {
    const world = await loadFixture(bridge);
    const { avs, alice, canonical } = world;
    const outbox = { root: treeOf(SENT).root, count: SENT.length };
    await expect(avs.connect(alice).postOutbox(1n, outbox))
      .to.be.revertedWithCustomError(avs, "OnlyCanonical")
      .withArgs(alice, canonical);
    const at = await tells(world, SENT);
    const post = (moment: bigint, count: number) => avs.connect(canonical).postOutbox(moment, { ...outbox, count });
    await expect(post(at, 308)).to.be.revertedWithCustomError(avs, "OutboxTimeWrong");
    await expect(post(at + 10_000n, 308)).to.be.revertedWithCustomError(avs, "OutboxTimeWrong");
    await expect(post(at + 1n, 306))
      .to.be.revertedWithCustomError(avs, "OutboxShrank")
      .withArgs(306n, 307n);
    await post(at + 1n, 307);
    expect(await avs.outboxOf(at)).to.deep.equal([outbox.root, 307n]);
  });

  it("refuses a canonical delay in which a forger could be gone, and nobody's bridge or insurance", async () => {
    const { deploy, slasher, avs } = await loadFixture(bridge);
    await expect(deploy({ canonicalDelay: LIABILITY }))
      .to.be.revertedWithCustomError(slasher, "WindowTooLong")
      .withArgs(LIABILITY, LIABILITY);
    await deploy({ canonicalDelay: LIABILITY - 1n });
    for (const changes of [{ canonical: ethers.ZeroAddress }, { insurance: ethers.ZeroAddress }]) {
      await expect(deploy(changes)).to.be.revertedWithCustomError(avs, "AddressMissing");
    }
  });
});
