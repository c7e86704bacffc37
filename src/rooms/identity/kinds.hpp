#pragma once
// The imports that are about people and nothing else: the population register, test results, vaccine doses.
#include <vector>

#include "rooms/identity/identity.hpp"

namespace motcua::identity {

std::vector<intake::Kind> identity_kinds(Identity& identity);

}  // namespace motcua::identity
