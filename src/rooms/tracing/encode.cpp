#include "rooms/tracing/encode.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace motcua::tracing {
namespace {

std::string text_of(const boost::json::object& o, const char* key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
}
std::int64_t integer_of(const boost::json::object& o, const char* key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_int64() ? v->get_int64() : 0;
}
std::optional<double> real_of(const boost::json::object& o, const char* key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr || !v->is_number()) return std::nullopt;
  return v->to_number<double>();
}

Step to_step(const boost::json::object& o) {
  Step s;
  s.from_person = text_of(o, "a");
  s.to_person = text_of(o, "b");
  s.start = from_millis(integer_of(o, "s"));
  s.end = from_millis(integer_of(o, "e"));
  s.kind = text_of(o, "k");
  s.place_code = text_of(o, "p");
  s.place_name = text_of(o, "n");
  s.from_seat = text_of(o, "x");
  s.to_seat = text_of(o, "y");
  s.distance_m = real_of(o, "d");
  s.crowd = static_cast<int>(integer_of(o, "c"));
  s.strength = real_of(o, "w").value_or(0);
  return s;
}

}  // namespace

std::string encode(const std::vector<Step>& steps) {
  boost::json::array out;
  for (const Step& s : steps) {
    boost::json::object o{{"a", s.from_person}, {"b", s.to_person}, {"s", to_millis(s.start)}, {"e", to_millis(s.end)}, {"k", s.kind}, {"w", s.strength}};
    if (!s.place_code.empty()) o["p"] = s.place_code;
    if (!s.place_name.empty()) o["n"] = s.place_name;
    if (!s.from_seat.empty()) o["x"] = s.from_seat;
    if (!s.to_seat.empty()) o["y"] = s.to_seat;
    if (s.distance_m) o["d"] = *s.distance_m;
    if (s.crowd != 0) o["c"] = s.crowd;
    out.push_back(std::move(o));
  }
  return boost::json::serialize(out);
}

std::string encode(const Sentence& sentence) {
  boost::json::object values;
  for (const auto& [key, value] : sentence.values) values[key] = value;
  return boost::json::serialize(boost::json::object{{"key", sentence.key}, {"values", std::move(values)}});
}

std::vector<Step> decode_steps(std::string_view json) {
  std::error_code error;
  const boost::json::value v = boost::json::parse(json, error);
  std::vector<Step> steps;
  if (error || !v.is_array()) return steps;
  for (const auto& item : v.get_array())
    if (item.is_object()) steps.push_back(to_step(item.get_object()));
  return steps;
}

Sentence decode_sentence(std::string_view json) {
  std::error_code error;
  const boost::json::value v = boost::json::parse(json, error);
  Sentence sentence;
  if (error || !v.is_object()) return sentence;
  sentence.key = text_of(v.get_object(), "key");
  if (const auto* values = v.get_object().if_contains("values"); values != nullptr && values->is_object())
    for (const auto& [key, value] : values->get_object())
      if (value.is_string()) sentence.values[std::string(key)] = std::string(value.get_string());
  return sentence;
}

std::string encode_list(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : ";") + w;
  return out;
}

std::vector<std::string> decode_list(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = text.find(';');
    words.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return words;
}

}  // namespace motcua::tracing
