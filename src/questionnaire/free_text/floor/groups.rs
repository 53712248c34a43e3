//! Words that stand for one another in many patterns.

/// Whose.
macro_rules! whose {
    () => {
        "my|his|her|their|your"
    };
}

/// Wanting, in the forms people write.
macro_rules! want {
    () => {
        "want|wants|wanted|wanting"
    };
}

/// Hoping and wishing.
macro_rules! wish {
    () => {
        "wish|wishes|wished|wishing|hope|hopes|hoped|hoping|pray|prays|prayed|praying"
    };
}

/// Thinking of something.
macro_rules! think {
    () => {
        "think|thinks|thinking|thought|thoughts|dream|dreaming|fantasise|fantasising"
    };
}

/// Not.
macro_rules! not {
    () => {
        "dont|doesnt|didnt|not|never|nolonger"
    };
}

/// Other people.
macro_rules! somebody {
    () => {
        "him|them|someone|somebody|anyone|people|others|other|everyone|everybody"
    };
}

/// People one has.
macro_rules! family {
    () => {
        "my|the|his|their|our ? husband|wife|partner|boyfriend|girlfriend|ex|kids|kid|children|child|baby|babies|son|\
         daughter|mum|mam|mother|dad|father|brother|sister|boss|manager|neighbour|neighbours|family|parents|doctor|man|woman|person|bloke"
    };
}

/// Medicines, as they are called.
macro_rules! tablets {
    () => {
        "tablets|pills|meds|medication|medicine|painkillers|paracetamol|insulin"
    };
}
