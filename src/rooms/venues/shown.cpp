// At the door: what somebody shows or says becomes a reference, and nobody at the door learns a name.
#include <algorithm>

#include "base/document_qr.hpp"
#include "base/ids.hpp"
#include "rooms/venues/counter.hpp"

namespace motcua::venues {
namespace {

Failure unknown_shown() { return invalid("venues.shown_unknown", "shown"); }

std::string digits_of(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

/// Identity numbers have 12 digits, or 9 on cards of before 2016; phones as people write them have 10 or a plus.
Result<std::string> reference_typed(std::string_view text) {
  const std::size_t digits = digits_of(text).size();
  auto reference = identity::to_reference((digits == 12 || digits == 9 ? "id:" : "phone:") + std::string(text));
  return reference ? reference : Result<std::string>(unknown_shown());
}

Result<std::string> reference_shown(const Counter& counter, const Keeper& keeper, const std::string& text) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos || text.size() > document_qr_bytes_max) return unknown_shown();
  if (const auto document = parse_document_qr(text)) {
    const auto* card = std::get_if<CitizenCardQr>(&*document);
    return card == nullptr ? Result<std::string>(unknown_shown()) : identity::to_reference("id:" + card->id_number);
  }
  const auto person = counter.residents.person_of_card(keeper.act, text);
  if (person) return reference_of(person->handle);
  if (person.failure().code == "residents.no_such_card") return person.failure();
  return reference_typed(text);
}

}  // namespace

Result<Venues::Shown> check_in_shown(const Counter& counter, const Keeper& keeper, std::string_view venue_id, std::string_view number, const std::vector<std::string>& shown, const Told& told) {
  if (shown.size() > group_max) return invalid("venues.too_many_people", "shown", {{"max", std::to_string(group_max)}});
  const std::string own = number.empty() ? crypto::random_id("chk") : std::string(number);
  if (!is_id("chk", own)) return invalid("venues.number_unreadable", "number");
  TRY_ASSIGN(const Instant at, moment_of(counter, told));
  Venues::Shown out;
  std::vector<std::string> references;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    auto reference = reference_shown(counter, keeper, shown[i]);
    if (!reference) out.refused.emplace_back(i, reference.failure());
    else if (std::find(references.begin(), references.end(), *reference) == references.end()) references.push_back(std::move(*reference));
  }
  TRY(counter.house.database.write(keeper.act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const Venue venue, kept_venue(counter, tx, keeper, venue_id));
    if (venue.closed_at) return conflict("venues.closed");
    tx.note({.object = venue.venue_id, .area = venue.ward_code, .detail = "{\"people\":" + std::to_string(references.size()) + "}"});
    out.outcomes.clear();
    if (references.empty()) return {};
    TRY_ASSIGN(const auto there, arrive(counter, tx, {venue, own, std::string(source_name) + "-door", references, at}));
    for (const auto& presence : there) out.outcomes.push_back(presence.outcome);
    return {};
  }));
  return out;
}

}  // namespace motcua::venues
