#!/usr/bin/env bash
# Tries each door with many random inputs of a new seed: STACK_FUZZ_CASES of them, 1,000,000 where nothing is asked for. What is named
# behind the command picks files, as `npm run fuzz -- commit` does. The seed is printed first, and again by a fuzzer that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
export STACK_FUZZ_CASES=${STACK_FUZZ_CASES:-1000000} STACK_FUZZ_SEED=${STACK_FUZZ_SEED:-$((RANDOM * 32768 + RANDOM + 1))}
echo "STACK_FUZZ_CASES=$STACK_FUZZ_CASES STACK_FUZZ_SEED=$STACK_FUZZ_SEED"
exec npx vitest run -t 'fuzz: ' "${@:-fuzz.test}"
