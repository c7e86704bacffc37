// A form that was read from paper: Enter says "this field is right" and leads to the next doubtful one, then to the button. Without this file the
// fields are gone through by Tab and a box says that they were compared.
const form = document.querySelector('form[data-papers]')

if (form) {
  const confirm = form.querySelector('[data-confirm]')
  const compared = form.querySelector('input[name=compared]')
  const doubtful = [...form.querySelectorAll('[data-doubtful]')]
  for (const shown of form.querySelectorAll('[data-scripted]')) shown.hidden = false
  form.querySelector('[data-compared]').hidden = true

  const stop = (field) => field.querySelector('input:checked') ?? field.querySelector('input')
  const goOn = () => {
    const next = doubtful.find((field) => !field.classList.contains('is-seen'))
    if (!next) return confirm.focus()
    const input = stop(next)
    input.focus()
    input.select?.()
    next.scrollIntoView({ block: 'center' })
  }

  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target === confirm || event.target.tagName === 'A') return
    event.preventDefault()
    event.target.closest('[data-field]')?.classList.add('is-seen')
    goOn()
  })
  // A click on the button is the word for all fields; while a doubtful one was not looked at, it leads there.
  form.addEventListener('submit', (event) => {
    if (doubtful.some((field) => !field.classList.contains('is-seen'))) {
      event.preventDefault()
      return goOn()
    }
    compared.checked = true
    confirm.disabled = true
  })
  form.addEventListener('change', (event) => event.target.closest('[data-field]')?.classList.add('is-seen'))
  if (!document.querySelector('.govuk-error-summary')) goOn()
}
