#pragma once
// A form of policies/forms on paper and back: who it is about, then every question. Inner header of the room; pure.
//
// What a page's code says: form id ("health"), version and language ("1.VI"), and a token: the paper's own number (26 characters) and, when known,
// "." and the 26 characters of the person's handle. Two papers of one number are the same paper scanned twice, or one is a photocopy.
#include <map>
#include <string>
#include <string_view>

#include "platform/documents/paper.hpp"
#include "platform/i18n/i18n.hpp"
#include "rooms/declarations/forms.hpp"
#include "rooms/declarations/papers.hpp"
#include "rooms/residents/residents.hpp"

namespace motcua::declarations {

/// Keys of fields that are no questions of the form. A question's key is that of its answer: "symptoms", "stop_name.2".
inline constexpr const char *paper_name = "person.full_name", *paper_birth = "person.birth", *paper_sex = "person.sex", *paper_id_number = "person.id_number", *paper_phone = "person.phone",
                            *paper_address = "person.address", *paper_told_on = "paper.told_on";

/// How often a page that repeats stands on paper at most; who has more stops fills in another one.
inline constexpr int paper_times_max = 4;

/// A question on paper, every time of a repeated page counted.
struct PaperQuestion {
  Step step;
  const Field* field = nullptr;
  std::string key;
};
std::vector<PaperQuestion> questions_on_paper(const Form& form);

documents::PaperForm to_paper_form(const Form& form, std::string_view lang, const i18n::Texts& texts);

/// One paper's number, made anew, and whose it is (prs_..., or empty).
std::string make_paper_token(std::string_view handle);

using PaperValues = std::map<std::string, documents::PaperValue>;
/// As it is printed before anybody writes on it.
PaperValues to_paper_values(const residents::Details& details, const FormAnswers& answers);

struct PaperTold {
  residents::Details details;
  FormAnswers answers;
  std::string told_on;      // yyyy-mm-dd, as written; may be empty
};
/// What is not of this form is left out.
PaperTold told_of(const Form& form, const PaperValues& values);

/// What a value says against itself although every letter was clear: an identity number of 11 digits, a phone that is none, a day that is not in the
/// calendar. True: somebody must look.
bool is_doubtful(std::string_view key, const documents::PaperValue& value);

/// Every version of every form in every language, as paper. What it gives lives as long as it does.
class PaperForms {
 public:
  struct Known {
    Form form;
    std::string lang;
    documents::PaperForm paper;
  };
  PaperForms(const std::vector<Form>& forms, const i18n::Texts& texts);
  /// Null: no such form.
  const Known* find(std::string_view id, std::string_view version) const;
  const Known* find(const Form& form, std::string_view lang) const;
  /// The one in force that day.
  const Known* find_on(FormKind kind, Date day, std::string_view lang) const;

 private:
  std::vector<Form> forms_;
  std::vector<Known> known_;
};

}  // namespace motcua::declarations
