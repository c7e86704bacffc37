#include "rooms/declarations/paper_sealed.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace motcua::declarations {
namespace {
namespace json = boost::json;

std::string context_of(std::string_view paper_id) { return "declarations-paper:" + std::string(paper_id); }

json::object to_json(const ReadPaper& paper) {
  json::array fields;
  for (const auto& f : paper.fields)
    fields.push_back(json::object{{"key", f.key}, {"text", f.value.text}, {"chosen", json::array(f.value.chosen.begin(), f.value.chosen.end())}, {"confidence", f.confidence},
                                  {"doubtful", f.doubtful}, {"picture", !f.picture.empty()}});
  return {{"fields", std::move(fields)}, {"missing", json::array(paper.missing.begin(), paper.missing.end())}};
}

std::string label_of(const documents::PaperForm& form, std::string_view key) {
  for (const auto& section : form.sections)
    for (const auto& field : section.fields)
      if (field.key == key) return field.label;
  return {};
}

}  // namespace

std::string scan_path(const House& house, const std::string& scan_id) { return house.data_dir + "/uploads/" + scan_id + ".sealed"; }
std::string picture_context(std::string_view paper_id, int field) { return context_of(paper_id) + ":" + std::to_string(field); }

Result<crypto::Bytes> seal_paper(House& house, std::string_view paper_id, const ReadPaper& paper) {
  const std::string text = json::serialize(to_json(paper));
  return house.keys.seal(context_of(paper_id), std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Result<void> open_sealed_paper(House& house, OpenPaper& paper) {
  TRY_ASSIGN(const auto plain, house.keys.open(context_of(paper.row.paper_id), paper.row.sealed));
  std::error_code error;
  const auto value = json::parse(std::string_view(reinterpret_cast<const char*>(plain.data()), plain.size()), error);
  if (error || !value.is_object()) return Failure{FailureKind::corrupt, "declarations.answers_unreadable"};
  for (const auto& f : value.at("fields").as_array()) {
    ReadPaperField field{std::string(f.at("key").as_string()), "", {std::string(f.at("text").as_string()), {}}, f.at("confidence").to_number<double>(), f.at("doubtful").as_bool(), {}};
    field.label = label_of(paper.known->paper, field.key);
    for (const auto& chosen : f.at("chosen").as_array()) field.value.chosen.emplace_back(chosen.as_string());
    paper.has_picture.push_back(f.at("picture").as_bool());
    paper.fields.push_back(std::move(field));
  }
  for (const auto& page : value.at("missing").as_array()) paper.missing.push_back(static_cast<int>(page.to_number<int>()));
  return {};
}

}  // namespace motcua::declarations
