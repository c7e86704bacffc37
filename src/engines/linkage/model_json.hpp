#pragma once
// The parts of a model's JSON that persons and tables have in common.
#include <boost/json.hpp>

#include "engines/linkage/model_state.hpp"

namespace motcua::linkage {

inline bool is_probability(double p) { return p > 0 && p < 1; }

boost::json::array write_fields(const std::vector<FieldParameters>& fields);
/// The text's parameters, when its fields and levels are exactly those given. boost::json throws on members of another kind.
bool read_fields(const boost::json::array& written, std::vector<FieldParameters>& fields);
boost::json::object write(const Frequencies& f);
Frequencies read_frequencies(const boost::json::value& value);

}  // namespace motcua::linkage
