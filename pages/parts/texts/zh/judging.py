"""Chinese of labels: whose they are, model judges, agreement, what to label next."""

TEXTS = {
    # Labels
    "A grade is a whole number from {lowest} to {highest}, not {grade}.": (
        "评分应为 {lowest} 到 {highest} 的整数，而不是 {grade}。"
    ),
    "An inclusion probability is above 0 and at most 1, not {probability}.": (
        "入样概率应大于 0 且不超过 1，而不是 {probability}。"
    ),
}
