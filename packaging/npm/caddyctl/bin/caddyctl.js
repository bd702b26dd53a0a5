#!/usr/bin/env node
// Starts the program of the package for this platform, with the same arguments, streams and exit status.
"use strict";

const { spawnSync } = require("node:child_process");

const name = `caddyctl-${process.platform}-${process.arch}`;
let program;
let glibc;
try {
  program = require.resolve(`${name}/bin/caddyctl`);
  ({ glibc } = require(`${name}/package.json`));
} catch {
  fail(
    `the package ${name} is not installed`,
    "caddyctl has packages for Linux on x64 and arm64; npm leaves them out with --omit=optional",
  );
}
const end = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (end.error) fail(`cannot start ${program}: ${end.error.message}`);
// A program that a signal ended: this process ends by the same signal, as a shell expects.
if (end.signal) process.kill(process.pid, end.signal);
if (end.status === 1 && isTooOld(glibc)) {
  fail(
    `caddyctl needs the GNU C library ${glibc} or newer, and this system has ${here()}`,
    "the program of the release's archive needs no C library",
  );
}
process.exit(end.status ?? 2);

function here() {
  return process.report?.getReport().header.glibcVersionRuntime;
}

function isTooOld(needed) {
  const numbers = (version) => version.split(".").map(Number);
  if (!needed || !here()) return false;
  const [[major, minor], [ourMajor, ourMinor]] = [numbers(needed), numbers(here())];
  return ourMajor < major || (ourMajor === major && ourMinor < minor);
}

function fail(message, help) {
  console.error(`error: ${message}`);
  if (help) console.error(`help: ${help}`);
  process.exit(2);
}
