#include "rooms/identity/ward_finder.hpp"

#include <algorithm>

#include "platform/units/units.hpp"

namespace motcua::identity {
namespace {

constexpr std::size_t ward_code_digits = 5;

/// "1234" is 01234 after a spreadsheet; other texts are no codes.
std::string to_ward_code(std::string_view text) {
  if (text.empty() || text.size() > ward_code_digits || text.find_first_not_of("0123456789") != text.npos) return {};
  return text.size() == ward_code_digits - 1 ? "0" + std::string(text) : std::string(text);
}

bool after_reform(Instant on) { return std::chrono::sys_days{vietnam_date(on)} >= std::chrono::sys_days{units::reform_2025}; }

}  // namespace

std::string WardFinder::find(const SourceRecord& told, Instant on) {
  if (auto code = to_ward_code(told.ward_code); !code.empty()) return code;
  if (units_.empty()) return {};
  const bool parts = !told.ward.empty() || !told.district.empty() || !told.province.empty();
  if (!parts && told.address.empty()) return {};
  std::string key = parts ? told.ward + '\x1f' + told.district + '\x1f' + told.province : told.address;
  key += after_reform(on) ? '2' : '3';  // tiers of the map in force
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = known_.find(key); at != known_.end()) return at->second;
  }
  const Date day = vietnam_date(on);
  const auto found = parts ? units_.resolve(told.ward, told.district, told.province, day) : units_.resolve_address(told.address, day);
  std::string code = found.best();
  const std::lock_guard lock(mutex_);
  if (known_.size() >= remembered_max) known_.clear();
  return known_.emplace(std::move(key), std::move(code)).first->second;
}

}  // namespace motcua::identity
