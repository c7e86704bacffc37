#include "platform/openid/fetch.hpp"

#include <curl/curl.h>

#include <memory>

namespace motcua::openid {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* p) const { release(p); }
};

/// Fewer bytes than came: curl ends the transfer.
std::size_t keep(char* bytes, std::size_t one, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + one * count > answer_bytes_max) return 0;
  body.append(bytes, one * count);
  return one * count;
}

Failure unreachable(std::string why) { return unavailable("openid.unreachable", std::move(why)); }

Result<Answer> ask(const Ask& question) {
  if (!is_allowed(question.url)) return unreachable("not https");
  const std::unique_ptr<CURL, Release<curl_easy_cleanup>> curl(curl_easy_init());
  if (!curl) return unreachable("no handle");
  std::unique_ptr<curl_slist, Release<curl_slist_free_all>> headers;
  for (const auto& header : question.headers) {
    auto* longer = curl_slist_append(headers.get(), header.c_str());
    if (longer == nullptr) return unreachable("no memory");
    static_cast<void>(headers.release());
    headers.reset(longer);
  }
  Answer answer;
  curl_easy_setopt(curl.get(), CURLOPT_URL, question.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, answer_timeout_ms);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
  if (!question.form.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, question.form.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(question.form.size()));
  }
  if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK) return unreachable(curl_easy_strerror(code));
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace

bool is_allowed(std::string_view url) {
  if (url.starts_with("https://")) return true;
  constexpr std::string_view plain = "http://";
  if (!url.starts_with(plain)) return false;
  const std::string_view authority = url.substr(plain.size(), url.find_first_of("/?#", plain.size()) - plain.size());
  for (const std::string_view here : {"127.0.0.1", "[::1]", "localhost"})
    if (authority == here || (authority.starts_with(here) && authority[here.size()] == ':' && authority.find_first_not_of("0123456789", here.size() + 1) == std::string_view::npos)) return true;
  return false;
}

Fetch make_fetch() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!ready) return [](const Ask&) -> Result<Answer> { return unreachable("curl is not ready"); };
  return ask;
}

}  // namespace motcua::openid
