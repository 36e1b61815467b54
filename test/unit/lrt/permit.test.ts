import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { Signature, type Signer } from "ethers";
import { ethers } from "hardhat";
import { ETHER, type World } from "../../../scripts/sim/world";
import { ether, FOREVER, NO_REFERRAL, refuses, WAD } from "../../checks";
import { deployed } from "../../world";

type Token = "stETH" | "wstETH";
const TYPES = {
  Permit: ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"].map((field) => {
    const [type, name] = field.split(" ");
    return { type, name };
  }),
};
const REFERRAL = ethers.id("a friend");
const NOTHING = { deadline: FOREVER, v: 27, r: ethers.ZeroHash, s: ethers.ZeroHash };

/** An owner's signature that lets the pool take `value`. */
async function signed({ c, ctx }: World, token: Token, owner: Signer, value: bigint, deadline = FOREVER) {
  const contract = token === "stETH" ? c.stEth : c.wstEth;
  const domain =
    token === "stETH"
      ? { name: "Liquid staked Ether 2.0", version: "2" }
      : { name: "Wrapped liquid staked Ether 2.0", version: "1" };
  const { chainId } = ctx;
  const message = {
    owner: await owner.getAddress(),
    spender: await c.pool.getAddress(),
    value,
    nonce: await contract.nonces(owner),
    deadline,
  };
  const verifyingContract = await contract.getAddress();
  const { v, r, s } = Signature.from(
    await owner.signTypedData({ ...domain, chainId, verifyingContract }, TYPES, message),
  );
  return { deadline, v, r, s };
}

/** Alice holds ten of each token and has approved nothing. */
async function holder() {
  const world = await loadFixture(deployed);
  const [alice, bob] = [await world.person(0), await world.person(1)];
  for (const token of ["stETH", "wstETH"] as const) await world.acquire(alice, token, ether("10"));
  return { world, alice, bob, pool: world.c.pool, trEth: world.c.trEth, wstEth: world.c.wstEth };
}

describe("DepositPool: depositWithPermit", () => {
  for (const token of ["stETH", "wstETH"] as const) {
    it(`brings ${token} in without an approval, and leaves no allowance`, async () => {
      const { world, alice, bob, pool, trEth } = await holder();
      const address = world.ctx.address(token);
      const permit = await signed(world, token, alice, WAD);
      const deposit = pool.connect(alice).depositWithPermit(address, WAD, bob, WAD, FOREVER, REFERRAL, permit);
      await expect(deposit).to.emit(pool, "Deposited").withArgs(alice, bob, address, WAD, WAD, REFERRAL);
      expect(await trEth.balanceOf(bob)).to.equal(WAD);
      const contract = token === "stETH" ? world.c.stEth : world.c.wstEth;
      expect(await contract.allowance(alice, pool)).to.equal(0n);
    });
  }

  it("does not mind that somebody used the signature first", async () => {
    const { world, alice, bob, pool, trEth, wstEth } = await holder();
    const permit = await signed(world, "wstETH", alice, WAD);
    await wstEth.connect(bob).permit(alice, pool, WAD, permit.deadline, permit.v, permit.r, permit.s);
    await pool.connect(alice).depositWithPermit(wstEth, WAD, alice, WAD, FOREVER, NO_REFERRAL, permit);
    expect(await trEth.balanceOf(alice)).to.equal(WAD);
  });

  it("takes an allowance when the signature is worthless, expired or for another amount", async () => {
    const { world, alice, pool, trEth, wstEth } = await holder();
    const worthless = [
      NOTHING,
      await signed(world, "wstETH", alice, WAD, BigInt(await time.latest()) - 1n),
      await signed(world, "wstETH", alice, 2n * WAD),
    ];
    await wstEth.connect(alice).approve(pool, 3n * WAD);
    for (const permit of worthless) {
      await pool.connect(alice).depositWithPermit(wstEth, WAD, alice, WAD, FOREVER, NO_REFERRAL, permit);
    }
    expect(await trEth.balanceOf(alice)).to.equal(3n * WAD);
    expect(await wstEth.allowance(alice, pool)).to.equal(0n);
  });

  it("reverts as the transfer does when there is neither signature nor allowance", async () => {
    const { world, alice, pool, wstEth } = await holder();
    const deposit = () => pool.connect(alice).depositWithPermit(wstEth, WAD, alice, 0n, FOREVER, NO_REFERRAL, NOTHING);
    await refuses(world, alice, deposit, wstEth, "ERC20InsufficientAllowance", [await pool.getAddress(), 0n, WAD]);
  });

  it("takes from its caller alone: a signature of somebody else moves nothing of his", async () => {
    const { world, alice, bob, pool, wstEth } = await holder();
    const permit = await signed(world, "wstETH", alice, WAD);
    const deposit = () => pool.connect(bob).depositWithPermit(wstEth, WAD, bob, 0n, FOREVER, NO_REFERRAL, permit);
    await refuses(world, bob, deposit, wstEth, "ERC20InsufficientAllowance", [await pool.getAddress(), 0n, WAD]);
    expect(await wstEth.nonces(alice)).to.equal(0n);
  });

  it("takes WETH, which knows no permit, with an allowance", async () => {
    const { world, alice, pool, trEth } = await holder();
    const weth = await world.acquire(alice, "WETH", WAD);
    await weth.connect(alice).approve(pool, WAD);
    await pool.connect(alice).depositWithPermit(weth, WAD, alice, WAD, FOREVER, NO_REFERRAL, NOTHING);
    expect(await trEth.balanceOf(alice)).to.equal(WAD);
  });

  it("calls nobody's code but that of accepted tokens", async () => {
    const { world, alice, pool } = await holder();
    const stranger = await (await ethers.deployContract("ERC20Mock", ["Stranger", "STR"])).getAddress();
    for (const token of [stranger, ETHER, ethers.ZeroAddress]) {
      const deposit = () => pool.connect(alice).depositWithPermit(token, WAD, alice, 0n, FOREVER, NO_REFERRAL, NOTHING);
      await refuses(world, alice, deposit, pool, "AssetNotAccepted", [token]);
    }
  });

  it("checks deadline and receiver like every deposit", async () => {
    const { world, alice, pool, wstEth } = await holder();
    const permit = await signed(world, "wstETH", alice, WAD);
    const deadline = BigInt(await time.latest()) + 100n;
    const deposit = (to: Signer | string, until: bigint) => () =>
      pool.connect(alice).depositWithPermit(wstEth, WAD, to, 0n, until, NO_REFERRAL, permit);
    await time.setNextBlockTimestamp(deadline + 1n);
    await refuses(world, alice, deposit(alice, deadline), pool, "DeadlinePassed", [deadline + 1n, deadline]);
    await refuses(world, alice, deposit(ethers.ZeroAddress, FOREVER), pool, "ZeroAddress", []);
  });
});

describe("DepositPool: gas of a permit", () => {
  /** Steady state, as in deposit-gas.test.ts: what it adds to the same deposit with an allowance. */
  const BUDGET = { wstETH: 18_000n, stETH: 31_000n };

  async function gasOf(call: () => Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>): Promise<bigint> {
    const receipt = await (await call()).wait();
    if (receipt === null) throw new Error("not mined");
    return receipt.gasUsed;
  }

  for (const name of ["wstETH", "stETH"] as const) {
    it(`stays within its budget for ${name}`, async () => {
      const { world, alice, pool } = await holder();
      const token = name === "stETH" ? world.c.stEth : world.c.wstEth;
      const deposit = () => pool.connect(alice).deposit(token, WAD, alice, 0n, FOREVER, NO_REFERRAL);
      await token.connect(alice).approve(pool, FOREVER);
      await deposit();
      const plain = await gasOf(deposit);
      const permitted = async () => {
        const permit = await signed(world, name, alice, WAD);
        return pool.connect(alice).depositWithPermit(token, WAD, alice, 0n, FOREVER, NO_REFERRAL, permit);
      };
      await permitted(); // the first one sets the nonce
      await token.connect(alice).approve(pool, 1n); // steady: the allowance's slot is in use before
      expect((await gasOf(permitted)) - plain).to.be.at.most(BUDGET[name]);
    });
  }
});
