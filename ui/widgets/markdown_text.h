#pragma once

#include <QFont>
#include <QPalette>
#include <QStringList>
#include <QTextDocumentFragment>

namespace bs::ui {

/// A Markdown text (GitHub's dialect) ready to be put into a document.
struct MarkdownText
{
    QTextDocumentFragment fragment;
    QStringList codes; ///< the text of each code block, as it is copied
};

/// What a model wrote is not trusted: HTML stands as text, a picture as its description, nothing is
/// fetched, and a link leads to http, https or mailto or is none. Above each code block stands its
/// language and a link to `codeLink` and the block's number. Longer texts than kMostMarkdown stay
/// as they are: laying them out again would hold up the window.
MarkdownText markdownText(const QString& text, const QFont& font, const QPalette& palette,
                          const QString& codeLink);

inline constexpr qsizetype kMostMarkdown = 50000; ///< characters

} // namespace bs::ui
