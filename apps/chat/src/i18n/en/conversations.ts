export const conversations = {
  conversations: {
    label: 'Conversations',
    new: 'New conversation',
    empty: 'Your conversations appear here.',
    more: 'Show older ones',
    actions: 'Actions for {{title}}',
    rename: 'Rename',
    renameTitle: 'Rename conversation',
    renameLabel: 'Title',
    renameEmpty: 'Enter a title.',
    renameSave: 'Save',
    delete: 'Delete',
    deleteTitle: 'Delete this conversation?',
    deleteText: '“{{title}}” and all its messages are deleted for good. What was charged stays in your usage.',
    failed: 'That did not work. {{why}}',
  },
};
