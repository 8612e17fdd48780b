// Shows the buttons of passkeys where the browser knows passkeys, and says so where it does not or one was not used.
document.addEventListener('DOMContentLoaded', () => {
  const known = Boolean(window.PublicKeyCredential && navigator.credentials)
  const show = (name) => document.querySelectorAll(`[${name}]`).forEach((one) => { one.hidden = false })
  const hide = (name) => document.querySelectorAll(`[${name}]`).forEach((one) => { one.hidden = true })
  show(known ? 'data-passkey' : 'data-passkey-missing')
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    hide('data-passkey-fault')
    show('data-passkey-fault')
  })
})
