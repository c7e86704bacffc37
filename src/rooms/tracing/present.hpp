#pragma once
// What leaves the room as text: traces as CSV, JSON, DOT and table, contact lists as CSV. Pure functions.
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "rooms/tracing/model.hpp"

namespace motcua::tracing {

/// Puts a text key with its values into the reader's language (i18n::Texts behind it).
using Say = std::function<std::string(const std::string& key, const std::map<std::string, std::string>& values)>;

/// The sentence of a step: kind, place, seats, how long, with whom ("F0"); `level` is the class reached by it.
Sentence to_sentence(const Step& step, int level);

std::string say_sentence(const Say& say, const Sentence& sentence);
/// docs/formats.md section 4, columns and order as stated there.
std::string to_csv(const TraceResult& trace, const Say& say);
std::string to_json(const TraceResult& trace, const Say& say);
std::string to_dot(const TraceResult& trace, const Say& say);
std::string to_table(const TraceResult& trace, const Say& say);

/// One CSV field by RFC 4180; a cell that a spreadsheet would take for a formula (begins with = + - @ tab CR) gets an apostrophe.
std::string csv_field(std::string_view text);

}  // namespace motcua::tracing
