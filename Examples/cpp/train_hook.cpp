// A run in C++: it ends where its scope does, as failed if that is by an exception.
//
//     c++ -o train_hook train_hook.cpp -ltrackshim
//
// It checks what each call answers. A real program need not: the answers are advice. `train_hook diverge` shows an
// exception.
#include <cmath>
#include <cstdint>
#include <iostream>
#include <stdexcept>
#include <string>

#include "trackshim.hpp"

namespace {

const int steps = 20;
const double first_rate = 0.2;

void check(trackshim_status answer) {
  const trackshim_status expected = trackshim_active() ? TRACKSHIM_OK : TRACKSHIM_INACTIVE;
  if (answer != expected) throw std::logic_error("a call answered " + std::to_string(answer));
}

void describe(trackshim::Run &run, std::uint64_t seed) {
  check(run.config("learning_rate", first_rate));
  check(run.config("steps", steps));
  check(run.config("seed", seed));
  check(run.config("nesterov", false));
  check(run.config("optimizer", "sgd"));
  check(run.config("schedule", std::string("linear")));
}

double descend(trackshim::Run &run, int diverges_at) {
  double weight = 0;
  for (int step = 1; step <= steps; step++) {
    const double gradient = 2 * (weight - 3), loss = (weight - 3) * (weight - 3);
    const double rate = first_rate * (steps + 1 - step) / steps;
    if (step == diverges_at) throw std::runtime_error("the loss is no number any more");
    std::cout << "step " << step << "/" << steps << ": loss " << loss << "\n";
    check(run.log(step, {{"lr", rate}, {"grad_norm", std::fabs(gradient)}, {"samples_seen", step * 32}}));
    weight -= rate * gradient;
  }
  return weight;
}

int train(bool diverges) {
  trackshim::Run run;
  describe(run, UINT64_MAX);
  check(run.summary("weight", descend(run, diverges ? steps / 2 : 0)));
  return run.exit(0);
}

} // namespace

int main(int count, char **words) try {
  return train(count > 1 && words[1] == std::string("diverge"));
} catch (const std::exception &trouble) {
  std::cerr << trouble.what() << "\n";
  return 1;
}
