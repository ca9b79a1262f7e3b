"""A little code to complete and to trace with Headlight."""


def count_words(text):
    """Return how often each word occurs in the text."""
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def longest_word(text):
    """Return the longest word of the text, or None when there is none."""
    longest = None
    for word in text.split():
        if longest is None or len(word) > len(longest):
            longest = word
    return longest


# Select the last line and run "Headlight: Complete Selection": the bundled model goes on with
# comments. It has read no code, and says so where it is to write some.

# If no argument is given, the command
