#!/usr/bin/env node
// Starts the program of the package for this platform, with the same arguments, streams and exit status.
"use strict";

const { spawnSync } = require("node:child_process");

const name = `caddyctl-${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/caddyctl`);
} catch {
  console.error(`error: the package ${name} is not installed`);
  console.error("help: caddyctl has packages for Linux on x64 and arm64; npm leaves them out with --omit=optional");
  process.exit(2);
}
const end = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (end.error) {
  console.error(`error: cannot start ${program}: ${end.error.message}`);
  process.exit(2);
}
// A program that a signal ended: this process ends by the same signal, as a shell expects.
if (end.signal) process.kill(process.pid, end.signal);
process.exit(end.status ?? 2);
