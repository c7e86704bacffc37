// Upload with progress, and an import's own progress without asking for the page again.
const form = document.querySelector('form[data-upload]')
const bar = document.getElementById('upload-progress')

form?.addEventListener('submit', (event) => {
  if (!window.FormData) return
  event.preventDefault()
  const request = new XMLHttpRequest()
  request.open('POST', form.action)
  request.upload.addEventListener('progress', ({ loaded, total, lengthComputable }) => {
    bar.hidden = false
    if (lengthComputable) bar.value = loaded / total
  })
  request.addEventListener('load', () => {
    if (request.responseURL && request.responseURL !== form.action) location.assign(request.responseURL)
    else document.documentElement.innerHTML = request.responseText
  })
  request.addEventListener('error', () => form.submit())
  form.querySelector('button').disabled = true
  request.send(new FormData(form))
})

const live = document.querySelector('[data-live]')
async function refresh() {
  const answer = await fetch(live.dataset.live, { headers: { Accept: 'text/html' }, credentials: 'same-origin' }).catch(() => null)
  if (answer?.ok && !answer.redirected) live.innerHTML = await answer.text()
  if (!live.querySelector('[data-done]')) setTimeout(refresh, 1000)
}
if (live && !live.querySelector('[data-done]')) setTimeout(refresh, 1000)
