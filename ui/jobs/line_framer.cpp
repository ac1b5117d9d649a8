#include "ui/jobs/line_framer.h"

namespace bs::ui {

QByteArrayList LineFramer::feed(const QByteArray& bytes)
{
    QByteArrayList lines;
    if (m_overflowed) return lines;
    qsizetype begin = 0;
    for (qsizetype end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', begin)) {
        if (end - begin > m_cap - m_rest.size()) {
            m_overflowed = true;
            return lines;
        }
        lines.append(m_rest + bytes.mid(begin, end - begin));
        m_rest.clear();
        begin = end + 1;
    }
    if (bytes.size() - begin > m_cap - m_rest.size()) {
        m_overflowed = true;
        m_rest.clear();
        return lines;
    }
    m_rest += bytes.mid(begin);
    return lines;
}

void LineFramer::reset()
{
    m_rest.clear();
    m_overflowed = false;
}

} // namespace bs::ui
