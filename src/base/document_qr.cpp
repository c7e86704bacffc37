#include "base/document_qr.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/ids.hpp"
#include "base/vietnamese.hpp"

namespace motcua {
namespace {

constexpr std::size_t citizen_fields_min = 7, insurance_fields_min = 6, fields_max = 40;
constexpr std::size_t foreign_id_bytes_max = 64, paper_digits_max = 18;
constexpr std::string_view card_prefix = "MCC:", base32_letters = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t card_letters = 26, card_bytes_max = 128;
constexpr std::string_view hcmc_fragment = "#tokhai_yte/model?";

Failure unknown() { return invalid("document_qr.unknown"); }
Failure damaged(const char* field) { return invalid("document_qr.damaged", field); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  while (out.size() < fields_max) {
    const auto end = std::min(text.find(at), text.size());
    out.push_back(text.substr(0, end));
    if (end == text.size()) return out;
    text.remove_prefix(end + 1);
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\r' || c == '\n' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// A name or address; empty ones are damaged where `needed`.
Result<std::string> text_of(std::string_view raw, const char* field, bool needed) {
  auto text = vietnamese::normalise_name(raw);
  if (!text || (needed && text->empty())) return damaged(field);
  return std::move(*text);
}

/// ddmmyyyy, which parse_date may take for yyyymmdd.
Result<PartialDate> day_of(std::string_view text, const char* field) {
  if (text.size() != 8 || !all_digits(text)) return damaged(field);
  const auto date = parse_date(std::string(text.substr(0, 2)) + '/' + std::string(text.substr(2, 2)) + '/' + std::string(text.substr(4)));
  if (!date || !date->full()) return damaged(field);
  return *date;
}

/// dd/mm/yyyy or a year; "-" and nothing stand for none.
Result<std::optional<PartialDate>> maybe_day(std::string_view text, const char* field) {
  text = trimmed(text);
  if (text.empty() || text == "-") return std::optional<PartialDate>();
  const auto date = parse_date(text);
  if (!date) return damaged(field);
  return std::optional(*date);
}

Result<DocumentQr> citizen_card(const std::vector<std::string_view>& f) {
  CitizenCardQr card{.id_number = std::string(f[0]), .old_id_number = std::string(trimmed(f[1]))};
  const auto& old = card.old_id_number;
  if (!old.empty() && (!all_digits(old) || (old.size() != 9 && old.size() != 12))) return damaged("old_id_number");
  TRY_ASSIGN(card.full_name, text_of(f[2], "full_name", true));
  TRY_ASSIGN(card.birth, day_of(trimmed(f[3]), "birth_date"));
  const auto sex = parse_sex(f[4]);
  if (!sex) return damaged("sex");
  card.sex = *sex;
  TRY_ASSIGN(card.address, text_of(f[5], "address", false));
  if (const auto issued = trimmed(f[6]); !issued.empty()) {
    TRY_ASSIGN(const auto day, day_of(issued, "issued"));
    card.issued = day;
  }
  return DocumentQr(card);
}

Result<std::string> text_of_hex(std::string_view hex, const char* field, bool needed) {
  std::string bytes(hex.size() / 2, '\0');
  if (!from_hex(hex, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()})) return damaged(field);
  return text_of(bytes, field, needed);
}

Result<DocumentQr> insurance_card(const std::vector<std::string_view>& f) {
  InsuranceCardQr card{.card_number = std::string(f[0])};
  TRY_ASSIGN(card.full_name, text_of_hex(trimmed(f[1]), "full_name", true));
  TRY_ASSIGN(const auto birth, maybe_day(f[2], "birth_date"));
  if (!birth) return damaged("birth_date");
  card.birth = *birth;
  if (const auto sex = trimmed(f[3]); sex == "1" || sex == "2") card.sex = sex == "1" ? Sex::male : Sex::female;
  else return damaged("sex");
  TRY_ASSIGN(card.address, text_of_hex(trimmed(f[4]), "address", false));
  TRY_ASSIGN(card.facility, text_of(f[5], "facility", false));
  if (f.size() > 6) { TRY_ASSIGN(card.from, maybe_day(f[6], "from")); }
  if (f.size() > 7) { TRY_ASSIGN(card.to, maybe_day(f[7], "to")); }
  return DocumentQr(card);
}

bool is_insurance_number(std::string_view text) {
  if (text.size() == 10) return all_digits(text);
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return text.size() == 15 && capital(text[0]) && capital(text[1]) && (is_digit(text[2]) || capital(text[2])) && all_digits(text.substr(3));
}

Result<DocumentQr> piped(std::string_view text) {
  const auto fields = split(text, '|');
  if (fields.empty()) return unknown();
  if (fields[0].size() == 12 && all_digits(fields[0])) return fields.size() >= citizen_fields_min ? citizen_card(fields) : damaged("fields");
  if (is_insurance_number(fields[0])) return fields.size() >= insurance_fields_min ? insurance_card(fields) : damaged("fields");
  return unknown();
}

/// %41 and + of a query; nothing where it is ill-formed.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    std::array<std::uint8_t, 1> byte{};
    if (!from_hex(text.substr(i + 1, 2), byte)) return std::nullopt;
    out += static_cast<char>(byte[0]);
    i += 2;
  }
  return out;
}

std::string_view parameter(std::string_view query, std::string_view name) {
  for (const auto pair : split(query, '&'))
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') return pair.substr(name.size() + 1);
  return {};
}

bool is_foreign_id(std::string_view text) {
  const auto fine = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= foreign_id_bytes_max && std::all_of(text.begin(), text.end(), fine);
}

Result<DocumentQr> hcmc(std::string_view query) {
  if (const auto id = parameter(query, "id"); !id.empty()) {
    if (!is_foreign_id(id)) return damaged("id");
    return DocumentQr(DeclarationQr{"hcmc", std::string(id)});
  }
  const auto organisation = parameter(query, "o"), place = parameter(query, "dd_id");
  if (!is_foreign_id(organisation)) return damaged("organisation");
  if (!is_foreign_id(place)) return damaged("place");
  const auto name = decoded(parameter(query, "n"));
  if (!name) return damaged("name");
  TRY_ASSIGN(auto clean, text_of(*name, "name", false));
  return DocumentQr(VenueQr{std::string(organisation), std::string(place), std::move(clean)});
}

bool is_host(std::string_view host, std::string_view site) { return host == site || (host.ends_with(site) && host[host.size() - site.size() - 1] == '.'); }

Result<DocumentQr> link(std::string_view text) {
  if (const auto at = text.find(hcmc_fragment); at != std::string_view::npos) return hcmc(text.substr(at + hcmc_fragment.size()));
  const auto rest = text.substr(text.find("://") + 3);
  const auto host_end = std::min(rest.find_first_of("/?#"), rest.size());
  const auto host = rest.substr(0, host_end);
  const std::string system = is_host(host, "tokhaiyte.vn") ? "tokhaiyte" : is_host(host, "suckhoetoandan.vn") ? "vhd" : "";
  if (system.empty()) return unknown();
  const auto question = rest.find('?');
  const auto query = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
  for (const char* name : {"id", "code"})
    if (const auto id = parameter(query, name); !id.empty()) {
      if (!is_foreign_id(id)) return damaged("id");
      return DocumentQr(DeclarationQr{system, std::string(id)});
    }
  return DocumentQr(DeclarationQr{system, {}});
}

bool is_paper_code(std::string_view text) { return text.size() > 2 && text.size() <= paper_digits_max + 2 && is_digit(text[0]) && text[1] == '-' && all_digits(text.substr(2)); }

}  // namespace

char luhn_digit(std::string_view number) {
  int sum = 0;
  bool doubled = true;
  for (std::size_t i = number.size(); i-- > 0; doubled = !doubled) {
    const int digit = number[i] - '0', twice = 2 * digit;
    sum += !doubled ? digit : twice > 9 ? twice - 9 : twice;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

Result<DocumentQr> parse_document_qr(std::string_view text) {
  if (text.size() > document_qr_bytes_max) return invalid("document_qr.too_long");
  text = trimmed(text);
  if (!vietnamese::is_clean_utf8(text)) return unknown();
  if (text.starts_with("MC1:")) return DocumentQr(PassQr{std::string(text)});
  if (text.starts_with(card_prefix)) {
    auto card = parse_card_code(text);
    return card ? Result<DocumentQr>(DocumentQr(std::move(*card))) : Result<DocumentQr>(std::move(card).failure());
  }
  if (text.starts_with("https://") || text.starts_with("http://")) return link(text);
  if (text.find('|') != std::string_view::npos) return piped(text);
  if (!is_paper_code(text)) return unknown();
  if (luhn_digit(text.substr(2)) != text[0]) return damaged("check_digit");
  return DocumentQr(PaperCodeQr{std::string(text.substr(2))});
}

Result<CardQr> parse_card_code(std::string_view text) {
  if (text.size() > card_bytes_max) return damaged("token");
  CardQr card;
  for (const char c : text) {
    if (c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n') continue;
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    card.token += lower;
  }
  if (card.token.starts_with("mcc:")) card.token.erase(0, card_prefix.size());
  for (char& c : card.token) c = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
  if (card.token.size() != card_letters || card.token.find_first_not_of(base32_letters) != std::string::npos) return damaged("token");
  return card;
}

}  // namespace motcua
