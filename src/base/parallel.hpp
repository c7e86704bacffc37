#pragma once
// What an engine asks of its caller: work on as many threads as the machine has.
#include <cstddef>
#include <functional>

namespace motcua {

/// body(0..n-1), each once, in any order, on as many threads as the machine has; returns when all are done. `body` does not throw.
void run_parallel(std::size_t n, const std::function<void(std::size_t)>& body);

}  // namespace motcua
