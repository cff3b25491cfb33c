export const files = {
  files: {
    label: 'Files of your message',
    chosen: 'Files that go with the message',
    attach: 'Attach files',
    remove: 'Remove {{name}}',
    save: 'Save {{name}}',
    dropHere: 'Drop files here',
    empty: '“{{name}}” is empty.',
    tooLarge: '“{{name}}” is too large. A file may have {{limit}} MB: make it smaller, or send a part of it.',
    kind: '“{{name}}” can’t be sent. Pictures (PNG, JPEG, GIF, WebP), PDFs and text files can: save it as one of these.',
    utf8: '“{{name}}” is no text in UTF-8. Save it as UTF-8 and attach it again.',
    tooMany: '“{{name}}” is one too many: a message takes {{limit}} files. Send the rest with the next one.',
    unreadable: '“{{name}}” can’t be read. Folders can’t be attached; choose the files in them.',
    modelCant: '{{model}} does not take “{{name}}”. Choose another model, or remove the file.',
  },
};
