using System.Buffers;
using System.Globalization;
using System.Text;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>A text reduced to what its spelling says: words in lower case without accents, one blank around each.</summary>
internal ref struct LocalText
{
    private const char Blank = ' ';

    private char[] _rented;
    private int _length;

    /// <summary>The words; empty for a text without any. Valid until <see cref="Dispose"/>.</summary>
    public readonly ReadOnlySpan<char> Words => _rented.AsSpan(0, _length);

    /// <summary>Reduces a text.</summary>
    public static LocalText Of(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            return Fold(text);
        }

        // Accents become characters of their own, and variants of letters (full width, ligatures) the plain ones.
        // .NET can't normalize U+FFFE, which is not part of any word.
        var decomposed = text.ToString().Replace('\ufffe', ' ').Normalize(NormalizationForm.FormKD);
        return Fold(decomposed);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(_rented);
        _rented = [];
        _length = 0;
    }

    private static LocalText Fold(ReadOnlySpan<char> text)
    {
        // One letter becomes two at most, and a blank stands at either end.
        var folded = new LocalText { _rented = ArrayPool<char>.Shared.Rent((2 * text.Length) + 2) };
        folded._rented[0] = Blank;
        folded._length = 1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAscii(c))
            {
                folded.AddAscii(c, IsGroupSeparator(text, i));
            }
            else
            {
                folded.AddOther(c);
            }
        }

        folded.EndWord();
        if (folded._length == 1)
        {
            folded._length = 0;
        }

        return folded;
    }

    /// <summary>A comma between digits belongs to the number: 100,000 is 100000.</summary>
    private static bool IsGroupSeparator(ReadOnlySpan<char> text, int index) =>
        text[index] == ','
        && index > 0
        && index + 1 < text.Length
        && char.IsAsciiDigit(text[index - 1])
        && char.IsAsciiDigit(text[index + 1]);

    private void AddAscii(char c, bool isGroupSeparator)
    {
        if (char.IsAsciiLetterOrDigit(c))
        {
            Add((char)(char.IsAsciiLetterUpper(c) ? c | 0x20 : c));
        }
        else if (!isGroupSeparator)
        {
            EndWord();
        }
    }

    private void AddOther(char c)
    {
        switch (c)
        {
            // Letters that Unicode doesn't take apart.
            case 'ß' or 'ẞ':
                Add('s');
                Add('s');
                return;
            case 'æ' or 'Æ':
                Add('a');
                Add('e');
                return;
            case 'œ' or 'Œ':
                Add('o');
                Add('e');
                return;
            case 'ø' or 'Ø':
                Add('o');
                return;
            case 'ł' or 'Ł':
                Add('l');
                return;
            case 'đ' or 'Đ' or 'ð' or 'Ð':
                Add('d');
                return;
            case 'ı':
                Add('i');
                return;
        }

        if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
        {
            Add(char.ToLowerInvariant(c));
        }
        else if (
            CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
        )
        {
            EndWord();
        }
    }

    private void Add(char c) => _rented[_length++] = c;

    private void EndWord()
    {
        if (_rented[_length - 1] != Blank)
        {
            Add(Blank);
        }
    }
}
