// Node writes by libuv: at once to files, pipes and terminals.
for (let step = 1; step <= 3; step++)
  console.log(`step ${String(step).padStart(4)}/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)`);
process.stdout.write('text of its own\n');
console.error('and stderr');
process.exitCode = 3;
