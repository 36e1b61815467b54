// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Compiled as they are, because the deployment needs their artifacts.
// solhint-disable-next-line no-unused-import
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
