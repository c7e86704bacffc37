#pragma once
#include <string_view>

#include "base/result.hpp"

namespace motcua {

enum class Sex { unknown, male, female, other };

/// Nam, Nữ, Nu, Khác, male, female, other, M, F, 1 (male), 2 (female), in any case. Failure sex.unreadable; empty: sex.empty.
Result<Sex> parse_sex(std::string_view text);
std::string_view to_text(Sex sex);  // "male", "female", "other", "" for unknown

}  // namespace motcua
