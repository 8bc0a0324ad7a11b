#!/usr/bin/env bash
# Every suite of the exam but `smoke`, each with its first public seed. Fails when one of them could not be run whole.
set -uo pipefail
cd "$(dirname "$0")/../.."
failed=0
for suite in winter-night storm-night attack standard quiet-month; do
  node bin/lifeline.js exam --suite "$suite" "$@" || failed=$((failed + 1))
done
exit "$((failed > 0))"
