import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import type { PermissionController } from "../../../typechain-types";
import { engine } from "./strategies";

const SELECTOR = "0x12345678";

async function controller() {
  const { addresses, owner, staker, stranger } = await engine();
  const permissions = (await ethers.getContractAt(
    "PermissionController",
    addresses.permissionController,
  )) as unknown as PermissionController;
  return { permissions, account: owner.address, first: staker.address, second: stranger.address };
}

describe("PermissionController", () => {
  it("keeps its pending admins in order when the zero address is one of them", async () => {
    const { permissions, account, first, second } = await loadFixture(controller);
    for (const admin of [first, second, ZeroAddress]) await permissions.addPendingAdmin(account, admin);
    await permissions.removePendingAdmin(account, first);
    expect(await permissions.getPendingAdmins(account)).to.deep.equal([ZeroAddress, second]);
    await permissions.removePendingAdmin(account, ZeroAddress);
    expect(await permissions.getPendingAdmins(account)).to.deep.equal([second]);
  });

  it("keeps its appointees in order when the zero address is one of them", async () => {
    const { permissions, account, first, second } = await loadFixture(controller);
    for (const appointee of [first, second, ZeroAddress]) {
      await permissions.setAppointee(account, appointee, account, SELECTOR);
    }
    await permissions.removeAppointee(account, first, account, SELECTOR);
    expect(await permissions.getAppointees(account, account, SELECTOR)).to.deep.equal([ZeroAddress, second]);
    await permissions.removeAppointee(account, ZeroAddress, account, SELECTOR);
    expect(await permissions.getAppointees(account, account, SELECTOR)).to.deep.equal([second]);
  });

  it("keeps the permissions of an appointee in order when one is all zeros", async () => {
    const { permissions, account, first, second } = await loadFixture(controller);
    const none = "0x00000000";
    const targets = async () => (await permissions.getAppointeePermissions(account, first))[0];
    for (const target of [account, second]) await permissions.setAppointee(account, first, target, SELECTOR);
    await permissions.setAppointee(account, first, ZeroAddress, none);
    await permissions.removeAppointee(account, first, account, SELECTOR);
    expect(await targets()).to.deep.equal([ZeroAddress, second]);
    await permissions.removeAppointee(account, first, ZeroAddress, none);
    expect(await targets()).to.deep.equal([second]);
  });

  it("never has one account on both lists", async () => {
    const { permissions, account, first, second } = await loadFixture(controller);
    await permissions.addPendingAdmin(account, account);
    await permissions.acceptAdmin(account);
    await expect(permissions.addPendingAdmin(account, account)).to.be.revertedWithCustomError(
      permissions,
      "AdminAlreadySet",
    );
    await permissions.addPendingAdmin(account, first);
    await expect(permissions.removeAdmin(account, first)).to.be.revertedWithCustomError(
      permissions,
      "CannotHaveZeroAdmins",
    );
    expect(await permissions.isAdmin(account, first)).to.equal(false);
    expect(await permissions.isPendingAdmin(account, first)).to.equal(true);
    await permissions.connect(await ethers.getSigner(first)).acceptAdmin(account);
    expect(await permissions.isPendingAdmin(account, first)).to.equal(false);
    await permissions.addPendingAdmin(account, second);
    await expect(permissions.removeAdmin(account, second)).to.be.revertedWithCustomError(permissions, "AdminNotSet");
  });
});
